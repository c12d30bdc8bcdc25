import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment, Host, HostConfig, LanguageModel, ModelChoice, ToolSource } from '@patchbay/core';
import {
  chooseModel,
  createHost,
  delegatingTools,
  loadConfig,
  PatchbayError,
  scriptServer,
  withServerHealth,
} from '@patchbay/core';
import manifest from '../package.json' with { type: 'json' };
import { Approvals } from './approvals.ts';
import type { CliArguments } from './arguments.ts';
import { cacheFolder } from './cache-folder.ts';
import { readEnvironment } from './environment.ts';
import type { Terminal } from './terminal.ts';
import { budgetedTools } from './tool-budget.ts';

/** What a command works with: the servers of the configuration. Disposing it ends them. */
export interface Session extends AsyncDisposable {
  readonly config: HostConfig;
  readonly host: Host;
  /** Whether servers run only while a request is delegated to them. */
  readonly isDelegating: boolean;
  /** The host's tools as the model gets them. */
  offer(model: LanguageModel): ToolSource;
  readonly approvals: Approvals;
  readonly maxTurns: number | undefined;
  /** @throws {PatchbayError} when the wanted model cannot be used. */
  chooseModel(): ModelChoice;
}

export type SessionArguments = Pick<
  CliArguments,
  'config' | 'scripts' | 'model' | 'maxTurns' | 'allow' | 'isAllAllowed' | 'isDelegating' | 'isTellingHealth'
>;

/** Reads settings and configuration. Starts nothing yet. */
export async function openSession(args: SessionArguments, { env, cwd }: Terminal): Promise<Session> {
  const environment = await readEnvironment(env, cwd);
  const config = await readConfig(args, { env: environment, cwd });
  const host = createHost(args.isDelegating ? startedWhenNeeded(config) : config, {
    env: environment,
    client: { name: manifest.name, version: manifest.version },
    cacheFolder: cacheFolder(environment),
  });
  const approvals = new Approvals(args, config);
  const budgeted = budgetedTools(host, environment);
  const { maxTurns, isDelegating, isTellingHealth } = args;
  return {
    config,
    host,
    isDelegating,
    offer(model) {
      if (!isDelegating) return isTellingHealth ? withServerHealth(budgeted(model), host) : budgeted(model);
      return delegatingTools({ sessions: host, model, limits: { maxTurns }, approve: approvals.policy });
    },
    approvals,
    maxTurns,
    chooseModel: () => chooseModel(environment, args.model),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

function startedWhenNeeded({ source, servers }: HostConfig): HostConfig {
  return { source, servers: servers.map((server) => ({ ...server, start: 'lazy' })) };
}

async function readConfig(
  { config, scripts }: SessionArguments,
  { env, cwd }: { env: Environment; cwd: string },
): Promise<HostConfig> {
  const servers = scripts.map((script) => scriptServer(script, cwd));
  const path = config ?? ['mcp.json', '.mcp.json'].find((name) => existsSync(resolve(cwd, name)));
  if (path === undefined && servers.length > 0) return { source: '--server', servers };
  if (path === undefined) {
    throw new PatchbayError('CONFIG_NOT_FOUND', `No mcp.json in ${cwd}`, {
      hint: 'Name one with --config <file>, or one server with --server <script>.',
    });
  }
  const loaded = await loadConfig(resolve(cwd, path), env);
  return { source: loaded.source, servers: [...loaded.servers, ...servers] };
}
