import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Environment, HostConfig } from '@patchbay/core';
import { PatchbayError } from '@patchbay/core';
import { loadConfig } from '@patchbay/core/config';
import { findConfigFile } from '../config-file.ts';
import { describeIgnoredLines } from '../environment.ts';
import type { Finding } from './finding.ts';

export interface Examined {
  readonly findings: readonly Finding[];
  /** Absent when it cannot be read. */
  readonly config?: HostConfig;
}

/** Reads the configuration as a chat would. A mistake in it comes with its line and a caret. */
export async function examineConfiguration(
  named: string | undefined,
  { env, cwd }: { readonly env: Environment; readonly cwd: string },
): Promise<Examined> {
  const area = 'configuration';
  const path = findConfigFile(named, cwd);
  if (path === undefined) {
    const hint = 'patchbay init writes one; patchbay server import takes over those of other programs.';
    return { findings: [{ area, level: 'problem', what: `no mcp.json in ${cwd}`, hint }] };
  }
  try {
    const config = await loadConfig(path, env);
    const what = `${basename(path)} has ${config.servers.length} servers`;
    const findings: Finding[] = [{ area, level: 'ok', what, data: { path, servers: config.servers.length } }];
    if (config.servers.length === 0) {
      const hint = 'Add one: patchbay server add math -- npx -y @patchbay/server-math';
      findings.push({ area, level: 'caution', what: 'there are no servers', hint });
    }
    return { findings, config };
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    return { findings: [{ area, level: 'problem', what: error.message, hint: error.hint }] };
  }
}

/** Where settings come from, and what of them is not understood. The values are nobody's business. */
export async function environmentFinding(env: Environment, cwd: string): Promise<Finding> {
  const keys = Object.keys(env).filter((name) => name.endsWith('_API_KEY') && env[name]);
  const file = existsSync(join(cwd, '.env')) ? '.env is read' : 'no .env in this folder';
  const set = keys.length > 0 ? `set: ${keys.toSorted().join(', ')}` : 'no API key is set';
  const area = 'environment';
  const what = `${file}; ${set}`;
  const hint = await describeIgnoredLines(cwd);
  return { area, level: hint === undefined ? 'ok' : 'caution', what, hint, data: { keys } };
}
