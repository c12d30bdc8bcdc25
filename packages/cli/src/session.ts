import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type {
  Authorize,
  Environment,
  Host,
  HostConfig,
  HostEvent,
  LanguageModel,
  ModelChoice,
  ServerChanges,
  ToolSource,
} from '@patchbay/core';
import {
  chooseModel,
  createHost,
  createRedactor,
  delegatingTools,
  PatchbayError,
  priced,
  withServerHealth,
} from '@patchbay/core';
import { loadConfig, scriptServer } from '@patchbay/core/config';
import manifest from '../package.json' with { type: 'json' };
import { Approvals } from './approvals.ts';
import type { CliArguments } from './command-line/arguments.ts';
import { InputHistory } from './chat/input-history.ts';
import { findConfigFile } from './config-file.ts';
import { ConversationStore } from './conversation-store.ts';
import { describeIgnoredLines, readEnvironment } from './environment.ts';
import { cacheFolder, projectFolder, signInFolder, stateFolder } from './folders.ts';
import { renderCaution } from './render/error.ts';
import { serverJson } from './render/json.ts';
import { styleFor } from './render/style.ts';
import type { DebugLog, Terminal } from './terminal.ts';
import { isInteractive, line } from './terminal.ts';
import { NotKept } from './not-kept.ts';
import { budgetedTools } from './tool-budget.ts';
import { UserQuestions } from './user-questions.ts';

/** What a command works with: the servers of the configuration. Disposing it ends them. */
export interface Session extends AsyncDisposable {
  readonly config: HostConfig;
  /**
   * Reads the configuration again, with the variables of `.env` as they are now. Servers that it has no more, or otherwise,
   * are ended; what is new or changed is not started yet.
   *
   * @throws {PatchbayError} when it cannot be read: all stays as it was.
   */
  reload(): Promise<ServerChanges>;
  /** The configuration as the command line names it, if it does. */
  readonly configName: string | undefined;
  readonly host: Host;
  /** What of `.env` is not understood, in a sentence. */
  readonly environmentNote: string | undefined;
  /** Whether servers run only while a request is delegated to them. */
  readonly isDelegating: boolean;
  /** The host's tools as the model gets them. */
  offer(model: LanguageModel): ToolSource;
  readonly approvals: Approvals;
  readonly maxTurns: number | undefined;
  /** Hears of what cannot be kept. */
  readonly notKept: NotKept;
  /** Where `--debug` writes what happens. */
  readonly debugLog: DebugLog | undefined;
  /** The conversations of this folder; absent where nothing is kept. */
  readonly conversations: ConversationStore | undefined;
  readonly inputHistory: InputHistory;
  /** What servers ask the user; nobody answers until there is a chat. */
  readonly questions: UserQuestions;
  /** @throws {PatchbayError} when the wanted model, by default that of the command line, cannot be used. */
  chooseModel(wanted?: string): ModelChoice;
}

export type SessionArguments = Pick<
  CliArguments,
  'config' | 'scripts' | 'model' | 'maxTurns' | 'allow' | 'isAllAllowed' | 'isDelegating' | 'isTellingHealth'
>;

/** Reads settings and configuration. Starts nothing yet. With `authorize` the user can be sent to sign in. */
export async function openSession(
  args: SessionArguments,
  terminal: Terminal,
  authorize?: Authorize,
): Promise<Session> {
  const { cwd, debugLog } = terminal;
  const environment = await readEnvironment(terminal.env, cwd);
  const questions = new UserQuestions();
  const configure = async (env: Environment): Promise<HostConfig> => {
    const read = await readConfig(args, { env, cwd });
    return args.isDelegating ? startedWhenNeeded(read) : read;
  };
  let config = await configure(environment);
  const host = createHost(config, {
    env: environment,
    client: { name: manifest.name, version: manifest.version, title: 'Patchbay' },
    cacheFolder: cacheFolder(environment),
    signInFolder: signInFolder(environment),
    authorize,
    ...(debugLog && { logLevel: 'debug' as const }),
    ...(isInteractive(terminal) && { elicit: questions.elicit, sample: questions.sample }),
  });
  const state = stateFolder(environment);
  const project = state && projectFolder(state, cwd);
  const redact = createRedactor(environment);
  const approvals = await Approvals.open(args, config, project && join(project, 'allowed.json'));
  const notKept = new NotKept();
  const budgeted = budgetedTools(host, environment, {
    folder: project && join(project, 'artifacts'),
    onUnwritten: (error) => notKept.report('results', error),
  });
  const over = new AbortController();
  const logged = debugLog && logEvents(host.events(over.signal), debugLog);
  const { maxTurns, isDelegating, isTellingHealth } = args;
  return {
    get config() {
      return config;
    },
    async reload() {
      config = await configure(await readEnvironment(terminal.env, cwd));
      approvals.trust(config);
      return host.configure(config.servers);
    },
    configName: args.config,
    host,
    environmentNote: await describeIgnoredLines(cwd),
    isDelegating,
    offer(model) {
      if (!isDelegating) return isTellingHealth ? withServerHealth(budgeted(model), host) : budgeted(model);
      return delegatingTools({ sessions: host, model, limits: { maxTurns }, approve: approvals.policy });
    },
    approvals,
    maxTurns,
    conversations: project ? new ConversationStore(join(project, 'conversations'), redact) : undefined,
    inputHistory: new InputHistory({ path: state && join(state, 'history'), redact, notKept }),
    notKept,
    debugLog,
    questions,
    chooseModel: (wanted = args.model) =>
      withPrice(withStrayEnvironment(chooseModel(environment, wanted), args.config, cwd), config),
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      over.abort();
      await logged;
    },
  };
}

/** The same for a command that ends. What of the settings is not understood goes to stderr. */
export async function openCommandSession(
  args: SessionArguments & Pick<CliArguments, 'display'>,
  terminal: Terminal,
  authorize?: Authorize,
): Promise<Session> {
  const session = await openSession(args, terminal, authorize);
  const { stderr } = terminal;
  if (session.environmentNote !== undefined)
    line(stderr, renderCaution(session.environmentNote, styleFor(stderr, args.display)));
  return session;
}

async function logEvents(events: AsyncIterable<HostEvent>, log: DebugLog): Promise<void> {
  for await (const event of events) {
    log.write(event.type === 'server-state' ? { type: event.type, ...serverJson(event.status) } : event);
  }
}

function withPrice(choice: ModelChoice, { prices }: HostConfig): ModelChoice {
  const price = prices?.[choice.model.id];
  return price ? { ...choice, model: priced(choice.model, price) } : choice;
}

/** A `.env` beside a configuration in another folder is not read, which nobody expects who has put a key there. */
function withStrayEnvironment(choice: ModelChoice, config: string | undefined, cwd: string): ModelChoice {
  if (choice.note === undefined || config === undefined) return choice;
  const stray = join(dirname(resolve(cwd, config)), '.env');
  if (dirname(stray) === resolve(cwd) || !existsSync(stray)) return choice;
  return { ...choice, note: `${choice.note}\n${stray} is not read: settings come from .env in ${cwd}.` };
}

function startedWhenNeeded({ servers, ...config }: HostConfig): HostConfig {
  return { ...config, servers: servers.map((server) => ({ ...server, start: 'lazy' })) };
}

async function readConfig(
  { config, scripts }: SessionArguments,
  { env, cwd }: { env: Environment; cwd: string },
): Promise<HostConfig> {
  const servers = scripts.map((script) => scriptServer(script, cwd));
  const path = findConfigFile(config, cwd);
  if (path === undefined && servers.length > 0) return { source: '--server', servers };
  if (path === undefined) {
    throw new PatchbayError('CONFIG_NOT_FOUND', `No mcp.json in ${cwd}`, {
      hint: 'patchbay init writes one. Or name one with --config <file>, or a server with --server <script>.',
    });
  }
  const loaded = await loadConfig(path, env);
  return { ...loaded, servers: [...loaded.servers, ...servers] };
}
