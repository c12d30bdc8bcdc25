import { isRecord, parseJsonObject } from '../json.ts';
import { invalidArguments } from '../run/validate-arguments.ts';
import type { ResolvedCall, ToolDefinition, ToolOutcome, ToolProgress, ToolSource } from '../tools.ts';
import { sortedByName, textOutcome } from '../tools.ts';
import { definitionTokens } from './definition-size.ts';
import type { DownServer } from './meta-results.ts';
import { describedText, foundText, unknownToolText } from './meta-results.ts';
import { CALL_TOOL, DEFAULT_FOUND, DESCRIBE_TOOLS, FIND_TOOLS, META_TOOLS } from './meta-tools.ts';
import type { ToolSearch } from './tool-index.ts';
import { indexTools } from './tool-index.ts';

export interface ToolSearchOptions {
  /** Size of the model's context in tokens. Default 128 000. */
  readonly contextTokens?: number;
  /** Share of the context that tool definitions may take before they are searched instead. Default 0.05. */
  readonly maxShare?: number;
  /** Tools that are listed at most, however small they are. Default 120. */
  readonly maxTools?: number;
  /** The servers that are down, asked at each search, so that a tool of theirs is not taken for one that never was. */
  readonly downServers?: () => readonly DownServer[];
}

/** Signal and progress, which are passed on as they are. */
type RestOfCall = [signal?: AbortSignal, onProgress?: (progress: ToolProgress) => void];

const DEFAULT_CONTEXT_TOKENS = 128_000;
const DEFAULT_MAX_SHARE = 0.05;
/** The OpenAI API refuses more than 128, and a few may be added to those of the servers. */
const DEFAULT_MAX_TOOLS = 120;

/**
 * Keeps tool definitions within a budget. While those of `source` fit, they are listed as they are, sorted. Once they do
 * not, three constant tools stand for them, to search, describe and call them; that stays so for good, because a list
 * that goes back and forth costs the prompt cache each time.
 *
 * A call through `patchbay__call_tool` is the real tool's call: {@link ToolSource.resolveCall} says which.
 */
export function withToolSearch(source: ToolSource, options: ToolSearchOptions = {}): ToolSource {
  return new ToolSearchSurface(source, options);
}

class ToolSearchSurface implements ToolSource {
  readonly #source: ToolSource;
  readonly #maxTokens: number;
  readonly #maxTools: number;
  readonly #downServers: () => readonly DownServer[];
  #isSearching = false;
  #indexed: readonly ToolDefinition[] = [];
  #search: ToolSearch | undefined;

  constructor(
    source: ToolSource,
    {
      contextTokens = DEFAULT_CONTEXT_TOKENS,
      maxShare = DEFAULT_MAX_SHARE,
      maxTools = DEFAULT_MAX_TOOLS,
      downServers = () => [],
    }: ToolSearchOptions,
  ) {
    this.#source = source;
    this.#maxTokens = contextTokens * maxShare;
    this.#maxTools = maxTools;
    this.#downServers = downServers;
  }

  listTools(): readonly ToolDefinition[] {
    const tools = this.#source.listTools();
    this.#isSearching ||= tools.length > this.#maxTools || definitionTokens(tools) > this.#maxTokens;
    return this.#isSearching ? META_TOOLS : sortedByName(tools);
  }

  /** A tool may also be called by its own name: models do that with a name that a search has given them. */
  resolveCall(name: string, args: Readonly<Record<string, unknown>>): ResolvedCall | undefined {
    if (name === CALL_TOOL.name) return this.#resolveWrapped(args);
    const tool = [FIND_TOOLS, DESCRIBE_TOOLS].find((meta) => meta.name === name) ?? this.#find(name);
    return tool && { kind: 'call', tool, args };
  }

  async callTool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    ...rest: RestOfCall
  ): Promise<ToolOutcome> {
    const meta = META_TOOLS.find((each) => each.name === name);
    if (!meta) return this.#source.callTool(name, args, ...rest);
    const problem = await invalidArguments(meta, args);
    if (problem !== undefined) return textOutcome(problem, true);
    if (meta === FIND_TOOLS) return this.#findTools(args);
    if (meta === DESCRIBE_TOOLS) return this.#describeTools(args);
    return this.#callWrapped(args, rest);
  }

  #resolveWrapped({ name, arguments: given = {} }: Readonly<Record<string, unknown>>): ResolvedCall {
    if (typeof name !== 'string') {
      return { kind: 'unresolved', reason: `${CALL_TOOL.name} needs the name of a tool and its arguments.` };
    }
    if (META_TOOLS.some((meta) => meta.name === name)) {
      return { kind: 'unresolved', reason: `${name} is called directly, not through ${CALL_TOOL.name}.` };
    }
    const tool = this.#find(name);
    if (!tool) return { kind: 'unresolved', reason: this.#explainUnknown(name) };
    // Some models write the inner object as text, as they write their own arguments.
    const args = typeof given === 'string' ? parseJsonObject(given.trim() || '{}') : given;
    if (isRecord(args)) return { kind: 'call', tool, args };
    return { kind: 'unresolved', reason: `The arguments of ${name} are not a JSON object.` };
  }

  async #callWrapped(wrapped: Readonly<Record<string, unknown>>, rest: RestOfCall): Promise<ToolOutcome> {
    const resolved = this.#resolveWrapped(wrapped);
    if (resolved.kind === 'unresolved') return textOutcome(resolved.reason, true);
    const { tool, args } = resolved;
    const problem = await invalidArguments(tool, args);
    return problem === undefined
      ? this.#source.callTool(tool.name, args, ...rest)
      : textOutcome(problem, true);
  }

  #findTools({ query, limit = DEFAULT_FOUND }: Readonly<Record<string, unknown>>): ToolOutcome {
    const tools = this.#source.listTools();
    const found = this.#searchOver(tools)(String(query), Number(limit));
    return textOutcome(foundText({ query: String(query), found, tools, down: this.#downServers() }), false);
  }

  #describeTools({ names }: Readonly<Record<string, unknown>>): ToolOutcome {
    const wanted = new Set(Array.isArray(names) ? names.map(String) : []);
    const tools = this.#source.listTools().filter(({ name }) => wanted.has(name));
    for (const { name } of tools) wanted.delete(name);
    const notes = [...wanted].map((name) => this.#explainUnknown(name));
    return textOutcome([...tools.map(describedText), ...notes].join('\n'), tools.length === 0);
  }

  #explainUnknown(name: string): string {
    const near = this.#searchOver(this.#source.listTools())(name, 3);
    return unknownToolText(name, { near, down: this.#downServers() });
  }

  #find(name: string): ToolDefinition | undefined {
    return this.#source.listTools().find((tool) => tool.name === name);
  }

  /** Built at the first search, and again when the tools are others. */
  #searchOver(tools: readonly ToolDefinition[]): ToolSearch {
    const isSame =
      tools.length === this.#indexed.length && tools.every((tool, index) => tool === this.#indexed[index]);
    if (!this.#search || !isSame) {
      this.#search = indexTools(tools);
      this.#indexed = tools;
    }
    return this.#search;
  }
}
