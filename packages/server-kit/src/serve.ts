import type { McpServer, ServerEventBus } from '@modelcontextprotocol/server';
import type { Connections } from './connect.ts';
import { errorMessage } from './errors.ts';
import { configureLog, log } from './log.ts';
import type { ownSettings } from './own-settings.ts';
import { withOwnSettings } from './own-settings.ts';
import type { SelfTestCall, SelfTestReport } from './self-test.ts';
import type { SettingSpecs, SettingValues } from './settings.ts';
import { describeSettings, readSettings, SettingsError } from './settings.ts';

/** What one process serves: state that all connections share, and one MCP server for each connection. */
export interface ServerApp extends Partial<AsyncDisposable> {
  /**
   * Called for each connection, and over HTTP for each request of a client of 2026-07-28: what takes time, such as making
   * schemas, belongs outside of it.
   */
  createServer(): McpServer;
  /**
   * Where the app publishes that its list of tools, prompts or resources changed; every client that can be told is
   * told. Updates of one resource reach clients of 2026-07-28 over HTTP alone.
   */
  readonly changes?: ServerEventBus;
}

export interface ServerProgram<Specs extends SettingSpecs> {
  /** The package's own manifest: name, version and description are told to clients and shown by `--help`. */
  readonly manifest: { readonly name: string; readonly version: string; readonly description: string };
  readonly settings: Specs;
  /** The call by which `--check` shows that the server can do its work. */
  readonly check?: SelfTestCall;
  /** Opens what the connections share. Called once; must not fail when a database or the network is away. */
  open(settings: SettingValues<Specs>): ServerApp | Promise<ServerApp>;
}

/**
 * Runs a server program: reads its settings from the command line and the environment, serves stdio (or HTTP with
 * `--http` or `--sse`) to clients of both protocol eras, and ends when its input ends or on SIGINT, SIGTERM and SIGHUP.
 * Standard output carries protocol only. Exits with 2 for settings that cannot be used, with 1 when it cannot start.
 *
 * @throws {TypeError} When a setting of the program has a name or a flag that `serve` has for its own.
 */
export async function serve<Specs extends SettingSpecs>(program: ServerProgram<Specs>): Promise<void> {
  const settingSpecs = withOwnSettings(program.settings);
  const argv = process.argv.slice(2);
  const { name, version } = program.manifest;
  if (argv.includes('--help')) return void process.stdout.write(`${help(program.manifest, settingSpecs)}\n`);
  if (argv.includes('--version')) return void process.stdout.write(`${version}\n`);
  // Whoever started the server may stop reading its log. That must not end it.
  process.stderr.on('error', () => undefined);
  configureLog({ name, level: 'info', format: 'text' });
  if (argv.includes('--check')) return check(program, settingSpecs, argv);
  try {
    const settings = readSettings(settingSpecs, argv, process.env);
    configureLog({ name, level: settings.logLevel, format: settings.logFormat });
    const app = await program.open(settings);
    // The protocol's library takes a while to load: an app that has others to start can do that first.
    const { connect } = await import('./connect.ts');
    const connections = await connect(app, settings).catch(async (error: unknown) => {
      await app[Symbol.asyncDispose]?.();
      throw error;
    });
    endWith(connections, async () => {
      try {
        await connections.close().catch(logError);
        await app[Symbol.asyncDispose]?.();
        return true;
      } catch (error) {
        logError(error);
        return false;
      }
    });
  } catch (error) {
    logError(error);
    if (error instanceof SettingsError) log.error('See --help.');
    process.exit(exitCodeOf(error));
  }
}

/** Prints a {@link SelfTestReport} and ends: with 0 when all is well, 1 when not, 2 for unusable settings. */
async function check<Specs extends SettingSpecs>(
  program: ServerProgram<Specs>,
  specs: Specs & typeof ownSettings,
  argv: readonly string[],
): Promise<void> {
  const { name, version } = program.manifest;
  const report = async (
    exitCode: number,
    found: Omit<SelfTestReport, 'ok' | 'name' | 'version' | 'node'>,
  ) => {
    const whole = { ok: exitCode === 0, name, version, node: process.versions.node, ...found };
    await new Promise((resolve) => process.stdout.write(`${JSON.stringify(whole, null, 2)}\n`, resolve));
    process.exit(exitCode);
  };
  try {
    const settings = readSettings(specs, argv, process.env);
    configureLog({ name, level: settings.logLevel, format: settings.logFormat });
    const app = await program.open(settings);
    const { selfTest } = await import('./self-test.ts');
    const found = await selfTest(app.createServer(), program.check);
    await app[Symbol.asyncDispose]?.();
    await report(found.error ? 1 : 0, found);
  } catch (error) {
    const code = error instanceof SettingsError ? 'SETTINGS' : 'START';
    await report(exitCodeOf(error), { error: { code, message: errorMessage(error) } });
  }
}

function exitCodeOf(error: unknown): number {
  return error instanceof SettingsError ? 2 : 1;
}

/** Longest time that closing may take before the process ends anyway, in milliseconds. */
const CLOSE_LIMIT_MS = 1500;

/**
 * A server must not outlive its client: it ends when its input ends, when told to, and when nobody reads it. Told
 * again while it closes, it goes on closing: launchers pass a signal on that the whole group has got already.
 */
function endWith(connections: Connections, close: () => Promise<boolean>): void {
  let ending = false;
  const end = (exitCode: number): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(exitCode), CLOSE_LIMIT_MS);
    void close().then((hasClosed) => process.exit(hasClosed ? exitCode : 1));
  };
  void connections.ended?.then(() => end(0));
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => end(130));
  process.on('SIGHUP', () => end(129));
}

function help(
  { name, version, description }: ServerProgram<SettingSpecs>['manifest'],
  specs: SettingSpecs,
): string {
  const options = describeSettings(specs);
  const title = `${name} ${version}\n${description}`;
  return `${title}\n\nOptions:\n${options}\n  --version\n  --help`;
}

function logError(error: unknown): void {
  log.error(errorMessage(error));
}
