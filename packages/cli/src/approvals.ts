import type { ApprovalDecision, ApprovalPolicy, HostConfig, ToolDefinition } from '@patchbay/core';
import { allowTrustedReads } from '@patchbay/core';
import { readAllowedTools, writeAllowedTools } from './allowed-tools.ts';
import type { SessionArguments } from './session.ts';

/** Puts a call before the user and gives what was typed. Rejects when the request is cancelled meanwhile. */
export type AskUser = (tool: ToolDefinition, argumentsJson: string, signal?: AbortSignal) => Promise<string>;

type AllowArguments = Pick<SessionArguments, 'allow' | 'isAllAllowed'>;

const NOBODY_TO_ASK = 'there is no terminal to ask on; --allow server/tool or --yes lets it run';

/**
 * Which tool calls may run: reading tools of servers that the configuration trusts, what `--allow` names, and what the
 * user says when asked. Where nobody can be asked, the rest may not.
 */
export class Approvals {
  readonly policy: ApprovalPolicy;
  readonly #allowed: Set<string>;
  #servers: HostConfig['servers'] = [];
  /** Where what is allowed for good is kept, where anything is. */
  readonly #path: string | undefined;
  #askUser: AskUser | undefined;

  /** With what was allowed for good before, in the file at `path`. */
  static async open(args: AllowArguments, config: HostConfig, path?: string): Promise<Approvals> {
    const kept = path === undefined ? [] : await readAllowedTools(path);
    return new Approvals({ ...args, allow: [...args.allow, ...kept] }, config, path);
  }

  constructor({ allow, isAllAllowed }: AllowArguments, config: HostConfig, path?: string) {
    this.#path = path;
    this.#allowed = new Set(allow);
    this.trust(config);
    const ask = allowTrustedReads(
      (server) => this.#servers.some(({ name, trusted }) => trusted && name === server),
      (call, tool, signal) => this.#decide(tool, call.argumentsJson, signal),
    );
    this.policy = isAllAllowed ? () => ({ allow: true }) : ask;
  }

  /** From now on the reading tools of the servers run that this configuration trusts, and of no others. */
  trust({ servers }: HostConfig): void {
    this.#servers = servers;
  }

  /** From now on the user is asked. */
  askThrough(askUser: AskUser): void {
    this.#askUser = askUser;
  }

  /** What runs unasked, as `server` or `server/tool`. */
  get allowed(): readonly string[] {
    return [...this.#allowed];
  }

  /** Lets a `server` or `server/tool` run unasked from now on. */
  allow(name: string): void {
    this.#allowed.add(name);
  }

  /** Takes that back. Returns whether it was allowed. */
  disallow(name: string): boolean {
    return this.#allowed.delete(name);
  }

  /** Keeps what is allowed now for later sessions in this folder. Returns whether there is a place for it. */
  async save(): Promise<boolean> {
    if (this.#path === undefined) return false;
    await writeAllowedTools(this.#path, this.allowed);
    return true;
  }

  #isAllowed(server: string): boolean {
    // A configured server of that name gets none of the trust that our own tools have.
    const isOwn = server === OWN_TOOLS && !this.#servers.some(({ name }) => name === OWN_TOOLS);
    return isOwn || this.#allowed.has(server);
  }

  async #decide(
    tool: ToolDefinition,
    argumentsJson: string,
    signal?: AbortSignal,
  ): Promise<ApprovalDecision> {
    const one = `${tool.server}/${tool.tool}`;
    if (this.#isAllowed(tool.server) || this.#allowed.has(one)) return { allow: true };
    if (!this.#askUser) return { allow: false, reason: NOBODY_TO_ASK };

    const [word = '', ...reason] = (await this.#askUser(tool, argumentsJson, signal)).trim().split(/\s+/);
    const answer = word.toLowerCase();
    if (answer === 'a' || answer === 'always') this.#allowed.add(one);
    if (answer === 's' || answer === 'server') this.#allowed.add(tool.server);
    if (['y', 'yes', 'a', 'always', 's', 'server'].includes(answer)) return { allow: true };
    const isNo = ['', 'n', 'no'].includes(answer);
    const said = (isNo ? reason : [word, ...reason]).join(' ');
    return { allow: false, reason: said === '' ? 'the user said no' : `the user said no: ${said}` };
  }
}

/** The server name of the tools that Patchbay itself adds. What they do in turn asks for itself. */
const OWN_TOOLS = 'patchbay';
