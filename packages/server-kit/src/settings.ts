import { parseArgs } from 'node:util';
import * as z from 'zod';
import { errorMessage } from './errors.ts';

/** One setting of a server: a command-line flag, the environment variable behind it, and what it may be. */
export interface SettingSpec {
  /** Long flag without the dashes, for example `max-rows`. */
  readonly flag: string;
  /** Read when the flag is absent. An empty value counts as not set, so that a host may pass `${VAR:-}`. */
  readonly env?: string;
  /** Checks and converts the text; its default applies when neither flag nor variable is set. */
  readonly schema: z.ZodType;
  /** A switch takes no value on the command line: `--http`. Its schema reads `true` and `false`. */
  readonly isSwitch?: boolean;
  /** A key or password: never repeated in an error or in the help. */
  readonly isSecret?: boolean;
  readonly description: string;
}

export type SettingSpecs = Readonly<Record<string, SettingSpec>>;
export type SettingValues<Specs extends SettingSpecs> = {
  readonly [Name in keyof Specs]: z.infer<Specs[Name]['schema']>;
};

/** A flag or variable that cannot be used; the message names it and what it may be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads every setting from `argv` (flags win) and `env`.
 *
 * @throws {SettingsError} on an unknown flag or a value that its schema refuses.
 */
export function readSettings<Specs extends SettingSpecs>(
  specs: Specs,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): SettingValues<Specs> {
  const flags = parseFlags(specs, argv);
  const values = Object.entries(specs).map(([name, spec]) => {
    const flag = flags[spec.flag];
    const text = flag ?? (spec.env === undefined ? undefined : env[spec.env]);
    const source = flag === undefined && spec.env !== undefined ? spec.env : `--${spec.flag}`;
    const parsed = spec.schema.safeParse(text === '' ? undefined : text, { error: inWords });
    if (parsed.success) return [name, parsed.data];
    const [issue] = parsed.error.issues;
    const got = text === undefined || spec.isSecret === true ? '' : ` (got "${text}")`;
    throw new SettingsError(`${source}: ${issue?.message ?? 'not usable'}${got}`);
  });
  return Object.fromEntries(values);
}

/** The options part of `--help`: one line a setting, with its variable and default. */
export function describeSettings(specs: SettingSpecs): string {
  const rows = Object.values(specs).map((spec) => {
    const { success, data: fallback } = spec.schema.safeParse(undefined);
    const isShown = spec.isSecret !== true && (typeof fallback === 'string' || typeof fallback === 'number');
    const notes = [
      ...(spec.env === undefined ? [] : [`env ${spec.env}`]),
      ...(isShown ? [`default ${fallback}`] : []),
      ...(success ? [] : ['required']),
    ];
    const left = `--${spec.flag}${spec.isSwitch === true ? '' : ' <value>'}`;
    return [left, spec.description + (notes.length > 0 ? ` (${notes.join(', ')})` : '')] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

/** What is wrong with a value, for whoever sets it; where a schema has words of its own these are told. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is required';
    if (issue.expected === 'number') return 'must be a number';
    return issue.expected === 'int' ? 'must be a whole number' : undefined;
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  const isNumber = 'origin' in issue && ['int', 'number'].includes(String(issue.origin));
  if (issue.code === 'too_small' && isNumber) return `must be at least ${issue.minimum}`;
  return issue.code === 'too_big' && isNumber ? `must be at most ${issue.maximum}` : undefined;
}

function parseFlags(specs: SettingSpecs, argv: readonly string[]): Record<string, string | undefined> {
  const options = Object.values(specs).map(
    (spec) => [spec.flag, { type: spec.isSwitch === true ? 'boolean' : 'string' }] as const,
  );
  try {
    const { values } = parseArgs({ args: [...argv], options: Object.fromEntries(options) });
    return Object.fromEntries(
      Object.entries(values).map(([flag, value]) => [flag, value === undefined ? value : String(value)]),
    );
  } catch (error) {
    throw new SettingsError(errorMessage(error), { cause: error });
  }
}
