import { fileURLToPath } from 'node:url';
import type { Authorize } from './auth/sign-in.ts';
import type { Environment } from './config/expand-variables.ts';
import type { HostConfig, ServerConfig } from './config/host-config.ts';
import { errorMessage, PatchbayError } from './errors.ts';
import type { Elicit } from './mcp/elicitation.ts';
import { EventQueue } from './mcp/event-queue.ts';
import { Library } from './mcp/library.ts';
import { keepingServerCode } from './mcp/server-code.ts';
import { ServerConnection } from './mcp/server-connection.ts';
import type { Sample } from './mcp/sampling.ts';
import type { LogLevel } from './mcp/server-logs.ts';
import type { HostEvent, ServerCheck, ServerStatus } from './mcp/server-state.ts';
import { ToolRouter } from './mcp/tool-router.ts';
import type { ToolSource } from './tools.ts';

export interface HostOptions {
  /** Where server processes take their few inherited variables from. */
  readonly env: Environment;
  /** How this program names itself to servers. */
  readonly client: {
    readonly name: string;
    readonly version: string;
    /** The same for people: who signs in reads it. */
    readonly title?: string | undefined;
    /** Address of this program's Client ID Metadata Document, for authorization servers that know such. */
    readonly metadataUrl?: string | undefined;
  };
  /**
   * A folder of this program's own where servers are remembered between runs: how to speak to them, their tools, and
   * what Node compiles of those that are written for it. A server that is remembered starts without questions. Absent:
   * nothing is read or written.
   */
  readonly cacheFolder?: string | undefined;
  /** From which level on servers are asked for their logs, which come as {@link Host.events}. Absent: they are not. */
  readonly logLevel?: LogLevel | undefined;
  /** Asks the user what a server wants to know. Absent: servers are told that nobody can be asked. */
  readonly elicit?: Elicit | undefined;
  /**
   * Has a model write what a server asks for (`sampleWithModel` makes one). Absent: servers are told that there is no
   * model for them.
   */
  readonly sample?: Sample | undefined;
  /**
   * The folders and files, as `file:` URLs, that servers may take for what the user works with. Absent: servers are
   * told what the configuration says of them. It limits no server: that is what a server's own settings are for.
   */
  readonly roots?: readonly URL[] | undefined;
  /**
   * Opens the address where the user signs in to a server, in a browser on this machine; asked only when a server wants
   * it. Absent: such a server is down and says so.
   */
  readonly authorize?: Authorize | undefined;
  /**
   * A folder of this program's own where sign-ins are kept between runs, readable by the user alone. Absent: a sign-in
   * ends with the program.
   */
  readonly signInFolder?: string | undefined;
}

/** Names of servers whose configuration is no longer what it was. */
export interface ServerChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** All servers of one configuration. Disposing it closes them, in parallel. */
export interface Host extends AsyncDisposable {
  readonly tools: ToolSource;
  /** What servers offer besides tools: resources, prompts, and values for their arguments. */
  readonly library: Library;
  /** How every server is now, in the order of the configuration. */
  servers(): readonly ServerStatus[];
  /**
   * How one server is. One that runs is asked for a sign of life, for 5 s at most; none is started. Throws
   * `SERVER_UNAVAILABLE` when the configuration has no server of that name.
   */
  check(name: string, signal?: AbortSignal): Promise<ServerCheck>;
  /**
   * What happens with servers from the moment on when the first event is asked for: each change of state, and their logs.
   * Ends with `signal`, by leaving it, and with the host. Who falls 1000 events behind misses the oldest.
   */
  events(signal?: AbortSignal): AsyncGenerator<HostEvent>;
  /**
   * Starts the servers, all at once, when the first is asked for, and yields each as it becomes ready, idle or goes down. Who
   * leaves early leaves them starting. Throws `SERVER_UNAVAILABLE` when the configuration has no server of a name.
   */
  start(names?: readonly string[]): AsyncGenerator<ServerStatus>;
  /** Starts one server anew. Throws `SERVER_UNAVAILABLE` when the configuration has no server of that name. */
  restart(name: string): Promise<ServerStatus>;
  /**
   * Runs `work` with the tools of one server, which is kept running meanwhile. A lazy server that runs for this alone
   * is let go afterwards. Throws `SERVER_UNAVAILABLE` when the server does not start, or there is none of that name.
   */
  withSession<T>(name: string, work: (tools: ToolSource) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Forgets the user's sign-in to a server and lets it go. Throws `SERVER_UNAVAILABLE` when there is none of that name. */
  signOut(name: string): Promise<void>;
  /**
   * Other servers from now on. Those that are configured as they were run on; those that are not, or are gone, end. What is
   * new or changed is not started yet. Resolves when all that had to end has.
   */
  configure(servers: readonly ServerConfig[]): Promise<ServerChanges>;
  /** Other roots from now on. Throws `CONFIG_INVALID` when the host was made without any. */
  changeRoots(roots: readonly URL[]): Promise<void>;
}

/**
 * Makes the host of a configuration. No server runs before {@link Host.start}.
 *
 * @throws {PatchbayError} `CONFIG_INVALID` for roots that are not `file:` URLs.
 */
export function createHost(config: HostConfig, options: HostOptions): Host {
  const { cacheFolder, logLevel, elicit, sample, authorize, signInFolder } = options;
  const { metadataUrl, title, ...client } = options.client;
  const identity = { name: title ?? client.name, metadataUrl };
  const given = options.roots ?? config.roots;
  let roots = checkedRoots(given ?? []);
  const abilities = { elicit, sample, roots: given && (() => roots) };
  const queue = new EventQueue<HostEvent>();
  const onEvent = (event: HostEvent): void => queue.publish(event);
  const connectionOptions = {
    env: keepingServerCode(options.env, cacheFolder),
    client,
    cacheFolder,
    logLevel,
    abilities,
    onEvent,
    identity,
    authorize,
    signInFolder,
  };
  const connect = (server: ServerConfig): ServerConnection => new ServerConnection(server, connectionOptions);
  let configured = config.servers;
  let isClosed = false;
  const connections = new Map(configured.map((server) => [server.name, connect(server)] as const));

  function connection(name: string): ServerConnection {
    const found = connections.get(name);
    if (found) return found;
    const known = [...connections.keys()].join(', ');
    throw new PatchbayError('SERVER_UNAVAILABLE', `There is no server named "${name}" in ${config.source}`, {
      hint: known === '' ? 'It defines none.' : `It has: ${known}.`,
    });
  }

  return {
    tools: new ToolRouter(connections),
    library: new Library(connections),
    servers: () => [...connections.values()].map(({ status }) => status),
    check: async (name, signal) => connection(name).check(signal),
    events: (signal) => queue.read(signal),
    async *start(names = [...connections.keys()]) {
      const starting = new Map(names.map((name) => [name, connection(name).start()]));
      while (starting.size > 0) {
        const settled = await Promise.race(starting.values());
        starting.delete(settled.server);
        yield settled;
      }
    },
    restart: (name) => connection(name).restart(),
    async withSession(name, work, signal) {
      const server = connection(name);
      const release = await server.hold(signal);
      try {
        const { state } = server.status;
        if (state.kind === 'down') {
          throw new PatchbayError('SERVER_UNAVAILABLE', `${name} did not start: ${state.reason}`, {
            hint: state.hint,
          });
        }
        if (!server.isRunning)
          throw new PatchbayError('SERVER_UNAVAILABLE', `${name} did not start: its host is closed`);
        return await work(new ToolRouter(new Map([[name, server]])));
      } finally {
        await release();
      }
    },
    signOut: (name) => connection(name).signOut(),
    async configure(servers) {
      if (isClosed) return { added: [], changed: [], removed: [] };
      const changes = changesBetween(configured, servers);
      const before = new Map(connections);
      configured = servers;
      // Tools and library read the same map.
      connections.clear();
      for (const server of servers) {
        const kept = changes.changed.includes(server.name) ? undefined : before.get(server.name);
        connections.set(server.name, kept ?? connect(server));
      }
      const isGone = new Set([...changes.removed, ...changes.changed]);
      const gone = [...before].flatMap(([name, each]) => (isGone.has(name) ? [each] : []));
      await Promise.all(gone.map((each) => each[Symbol.asyncDispose]()));
      return changes;
    },
    async changeRoots(changed) {
      if (!abilities.roots) throw new PatchbayError('CONFIG_INVALID', 'This host was made without roots');
      roots = checkedRoots(changed);
      await Promise.all([...connections.values()].map((each) => each.announceRoots()));
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await Promise.all([...connections.values()].map((each) => each[Symbol.asyncDispose]()));
      queue.close();
    },
  };
}

function changesBetween(before: readonly ServerConfig[], after: readonly ServerConfig[]): ServerChanges {
  // As text: Node 22 takes any two addresses for equal.
  const old = new Map(before.map((server) => [server.name, JSON.stringify(server)] as const));
  const names = new Set(after.map(({ name }) => name));
  const other = after
    .filter((server) => old.get(server.name) !== JSON.stringify(server))
    .map(({ name }) => name);
  return {
    added: other.filter((name) => !old.has(name)),
    changed: other.filter((name) => old.has(name)),
    removed: [...old.keys()].filter((name) => !names.has(name)),
  };
}

function checkedRoots(roots: readonly URL[]): readonly URL[] {
  for (const root of roots) {
    try {
      fileURLToPath(root);
    } catch (cause) {
      throw new PatchbayError('CONFIG_INVALID', `${root.href} cannot be a root: ${errorMessage(cause)}`, {
        hint: 'A root is a folder or file of this machine: pathToFileURL(path).',
        cause,
      });
    }
  }
  return roots;
}
