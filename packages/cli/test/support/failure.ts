import { expect } from 'vitest';
import type { Project } from './cli.ts';

/** One failure: what is run, and what is said. A message is followed by its hint after an arrow. */
export interface ExpectedFailure {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly exitCode: number;
  readonly says: RegExp;
  /** Code of the error that `--json` prints. */
  readonly code: string;
}

/** What a row should come to. */
export function told({ exitCode, says, code }: Omit<ExpectedFailure, 'name' | 'args'>) {
  return {
    exitCode,
    words: expect.stringMatching(says),
    code,
    hasHint: true,
    isSaidAlike: true,
    hasStack: false,
  };
}

/** What it comes to, as text and with `--json`, where it is said twice: in words, and as data. */
export async function failureOf(project: Project, { args, env = {} }: Pick<ExpectedFailure, 'args' | 'env'>) {
  const [text, json] = await Promise.all([
    project.patchbay(args, { env }),
    project.patchbay([...args, '--json'], { env }),
  ]);
  const { code: exitCode, stdout, stderr: words } = json;
  const { error } = JSON.parse(stdout);
  const { code, message, hint } = error;
  const isIn = (said: string): boolean => said.includes(`✗ ${message}\n  → ${hint}\n`);
  const isAlike = isIn(words) && isIn(text.stderr) && text.stdout === '' && text.code === exitCode;
  return {
    exitCode,
    words,
    code,
    hasHint: Boolean(hint),
    isSaidAlike: isAlike,
    hasStack: /\n\s+at .*:\d+/.test(words),
  };
}
