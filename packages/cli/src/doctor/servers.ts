import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment, HostConfig, ServerConfig, ServerStatus } from '@patchbay/core';
import { childEnvironment, createHost, definitionTokens, printable } from '@patchbay/core';
import manifest from '../../package.json' with { type: 'json' };
import type { Finding } from './finding.ts';
import type { Manners } from './process-manners.ts';
import { watchManners } from './process-manners.ts';
import { selfTestFindings } from './self-test.ts';
import { catalogFindings, toolFindings } from './tools.ts';

export interface ServerExamination {
  readonly env: Environment;
  readonly contextTokens?: number | undefined;
}

/** Examines every server, all at once: started cold and warm, its tools, and how its process behaves. */
export async function* serverFindings(
  config: HostConfig,
  options: ServerExamination,
): AsyncGenerator<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-doctor-'));
  try {
    // Cold: nothing is remembered. Warm: what the first start has just remembered.
    const cold = await startAll(config, options.env, folder);
    const warm = await startAll(config, options.env, folder);
    const examined = config.servers.map((server, index) =>
      examine({ server, cold: cold[index], warm: warm[index] }, options.env),
    );
    for (const findings of examined) yield* await findings;
    yield* catalogFindings(
      cold.flatMap((status) => status.tools),
      options.contextTokens,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startAll(
  config: HostConfig,
  env: Environment,
  cacheFolder: string,
): Promise<readonly ServerStatus[]> {
  const client = { name: manifest.name, version: manifest.version };
  await using host = createHost(config, { env, client, cacheFolder });
  await Array.fromAsync(host.start());
  return host.servers();
}

interface Starts {
  readonly server: ServerConfig;
  readonly cold: ServerStatus | undefined;
  readonly warm: ServerStatus | undefined;
}

async function examine({ server, cold, warm }: Starts, env: Environment): Promise<readonly Finding[]> {
  const area = `server ${server.name}`;
  if (cold?.state.kind !== 'ready') return [notReady(area, cold)];
  const { startMs, protocol, identity } = cold.state;
  const warmMs = warm?.state.kind === 'ready' ? warm.state.startMs : undefined;
  const tokens = definitionTokens(cold.tools);
  const findings: Finding[] = [
    {
      area,
      level: 'ok',
      what:
        `${printable(identity)}, MCP ${protocol}, started in ${startMs} ms, again in ${warmMs ?? '?'} ms; ` +
        `${cold.tools.length} tools, about ${tokens} tokens`,
      data: { startMs, warmMs, protocol, identity, tools: cold.tools.length, tokens },
    },
    ...toolFindings(area, cold.tools),
  ];
  if (server.transport.kind !== 'stdio') return findings;
  const inherited = childEnvironment({}, env);
  const manners = await watchManners(server.transport, inherited);
  const tested = await selfTestFindings(area, identity, { server: server.transport, inherited });
  return [...findings, ...mannerFindings(area, manners), ...tested];
}

function notReady(area: string, status: ServerStatus | undefined): Finding {
  const state = status?.state;
  if (state?.kind === 'down') {
    return { area, level: 'problem', what: printable(state.reason), hint: state.hint };
  }
  return { area, level: 'problem', what: `it did not become ready: it is ${state?.kind ?? 'not there'}` };
}

function mannerFindings(area: string, { noise, endsWithInput, leavesChildren }: Manners): Finding[] {
  const level = 'caution';
  const findings: Finding[] = [];
  if (noise.length > 0) {
    const what = `it writes to standard output what is not MCP: "${noise[0] ?? ''}"`;
    findings.push({ area, level, what, hint: 'Its logs belong on standard error.' });
  }
  if (!endsWithInput) {
    const hint = 'It is killed at exit; other hosts may leave it running.';
    findings.push({ area, level, what: 'it does not end when its input ends', hint });
  }
  if (leavesChildren) {
    const hint = 'They are killed at exit; other hosts may leave them running.';
    findings.push({ area, level, what: 'processes that it started outlive it', hint });
  }
  return findings;
}
