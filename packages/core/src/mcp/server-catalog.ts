import type { PriorDiscovery, Tool } from '@modelcontextprotocol/client';
import type { ServerConfig } from '../config/host-config.ts';
import type { ToolFilter } from '../config/tool-filter.ts';
import { isOffered, unmatchedEntries } from '../config/tool-filter.ts';
import type { ToolAnnotations, ToolDefinition } from '../tools.ts';
import { CatalogFile, catalogKey, freshVerdict } from './catalog-file.ts';
import { toDefinitions } from './catalog.ts';
import type { Session } from './session.ts';

/** What is known of one server while it is there and while it is not: its tools, and how to speak to it. */
export class ServerCatalog {
  readonly #server: string;
  readonly #filter: ToolFilter | undefined;
  readonly #file: CatalogFile | undefined;
  #tools: readonly ToolDefinition[] = [];
  #unmatched: readonly string[] = [];
  #verdict: PriorDiscovery | undefined;
  #probedAt = 0;
  #isRecalled = false;
  #isKnown = false;
  #saving: Promise<void> | undefined;

  /** Without a folder nothing is remembered beyond this process. */
  constructor(
    config: ServerConfig,
    { folder, abilities }: { folder: string | undefined; abilities: readonly string[] },
  ) {
    this.#server = config.name;
    this.#filter = config.tools;
    const isReachable = config.transport.kind !== 'invalid';
    this.#file =
      folder === undefined || !isReachable
        ? undefined
        : new CatalogFile(folder, () => catalogKey(config, abilities));
  }

  get tools(): readonly ToolDefinition[] {
    return this.#tools;
  }

  /** Entries of the configuration's lists of tools that stand for none that the server has. */
  get unmatchedTools(): readonly string[] {
    return this.#unmatched;
  }

  /** What the server says of one of its tools. Asked only when a call was lost. */
  annotationsOf(tool: string): ToolAnnotations | undefined {
    return this.#tools.find((definition) => definition.tool === tool)?.annotations;
  }

  /** Whether the server has ever listed its tools, if only in an earlier run. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Reads what an earlier run left, once. Returns what a connection need not ask again. */
  recall(): PriorDiscovery | undefined {
    if (!this.#isRecalled) this.#read();
    this.#isRecalled = true;
    return this.#verdict;
  }

  /** What was remembered led nowhere: the next connection asks anew. */
  distrust(): void {
    this.#verdict = undefined;
  }

  /** Lists the tools of a connected server and remembers them. */
  async refresh(session: Session, timeoutMs: number): Promise<void> {
    const tools = await session.listTools(timeoutMs);
    this.#take(tools);
    if (this.#verdict === undefined || this.#verdict.kind !== session.verdict.kind)
      this.#probedAt = Date.now();
    this.#verdict = session.verdict;
    const { identity, verdict } = session;
    this.#saving = this.#file?.write({ verdict, probedAt: this.#probedAt, identity, tools });
  }

  /** Resolves when what was learned is on disk. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  #take(tools: readonly Tool[]): void {
    const filter = this.#filter;
    this.#unmatched = filter
      ? unmatchedEntries(
          filter,
          tools.map(({ name }) => name),
        )
      : [];
    this.#tools = toDefinitions(
      this.#server,
      filter ? tools.filter(({ name }) => isOffered(name, filter)) : tools,
    );
    this.#isKnown = true;
  }

  #read(): void {
    const remembered = this.#file?.read();
    if (!remembered) return;
    this.#take(remembered.tools);
    this.#verdict = freshVerdict(remembered, Date.now());
    this.#probedAt = remembered.probedAt;
  }
}
