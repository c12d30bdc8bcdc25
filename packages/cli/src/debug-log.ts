import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redactor } from '@patchbay/core';
import { createRedactor, fileNotWritten } from '@patchbay/core';
import manifest from '../package.json' with { type: 'json' };
import { readEnvironment } from './environment.ts';
import { stateFolder } from './folders.ts';
import { newId } from './new-id.ts';
import type { DebugLog, Terminal } from './terminal.ts';
import { line } from './terminal.ts';

/** How many logs are kept; the oldest go first. */
const MAX_LOGS = 20;

/**
 * Begins the log of a run with `--debug`, one JSON object a line, and says on stderr where it is. Secrets are taken out. Where
 * it cannot be written, that is said, and the run goes on.
 */
export async function openDebugLog(argv: readonly string[], terminal: Terminal): Promise<DebugLog> {
  const { cwd, stderr } = terminal;
  const env = await readEnvironment(terminal.env, cwd);
  const state = stateFolder(env);
  if (state === undefined) {
    line(
      stderr,
      'There is no log: PATCHBAY_STATE is off, or there is no folder for it. --data-dir names one.',
    );
    return { write: () => undefined };
  }
  const folder = join(state, 'logs');
  const path = join(folder, `${newId(new Date())}.jsonl`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
    for (const old of readdirSync(folder).toSorted().slice(0, -MAX_LOGS)) rmSync(join(folder, old));
  } catch (error) {
    line(stderr, `There is no log. ${fileNotWritten(path, error).message}`);
    return { write: () => undefined };
  }
  line(stderr, `Log: ${path}`);
  const log = logAt(path, createRedactor(env));
  const { version, platform, arch } = process;
  log.write({ type: 'start', patchbay: manifest.version, node: version, platform, arch, argv, cwd });
  return log;
}

function logAt(path: string, redact: Redactor): DebugLog {
  return {
    write(record) {
      const text = JSON.stringify({ at: new Date().toISOString(), ...record }, (_key, value: unknown) =>
        typeof value === 'string' ? redact(value) : value,
      );
      try {
        // At once: what matters most is what was written last before the program died.
        appendFileSync(path, `${text}\n`);
      } catch {
        // A disk that has filled up costs the log, and nothing else.
      }
    },
  };
}
