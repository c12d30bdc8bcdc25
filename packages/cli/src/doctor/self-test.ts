import { execFile } from 'node:child_process';
import type { TransportConfig } from '@patchbay/core';
import { printable } from '@patchbay/core';
import type { Finding } from './finding.ts';

type StdioConfig = Extract<TransportConfig, { kind: 'stdio' }>;

const LIMIT_MS = 60_000;

/**
 * What a server of Patchbay finds when it examines itself: whether its database answers, which sandbox Python runs in.
 * Other servers know no `--check`, and are not asked.
 */
export async function selfTestFindings(
  area: string,
  identity: string,
  {
    server,
    inherited,
  }: { readonly server: StdioConfig; readonly inherited: Readonly<Record<string, string>> },
): Promise<readonly Finding[]> {
  if (!identity.startsWith('@patchbay/server-')) return [];
  const { command, args, cwd, env } = server;
  const output = await new Promise<string>((resolve) => {
    const options = { cwd, env: { ...inherited, ...env }, timeout: LIMIT_MS, windowsHide: true };
    execFile(command, [...args, '--check'], options, (_error, stdout) => resolve(stdout));
  });
  const report = parse(output);
  if (!report) return [];
  const { error } = report;
  if (!isText(error)) return [{ area, level: 'ok', what: 'its self-test succeeds', data: { report } }];
  const what = `its self-test fails: ${printable(error.message)}`;
  return [{ area, level: 'problem', what, hint: error.hint, data: { report } }];
}

function parse(output: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(output);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function isText(error: unknown): error is { readonly message: string; readonly hint?: string } {
  return (
    typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
  );
}
