import * as z from 'zod';
import { LOG_FORMATS, LOG_LEVELS } from './log.ts';
import type { SettingSpec, SettingSpecs } from './settings.ts';

interface Setting<Value> extends SettingSpec {
  readonly schema: z.ZodType<Value>;
}

/** Settings that every server has. */
export const ownSettings: {
  readonly check: Setting<boolean>;
  readonly logLevel: Setting<(typeof LOG_LEVELS)[number]>;
  readonly logFormat: Setting<(typeof LOG_FORMATS)[number]>;
  readonly http: Setting<boolean>;
  readonly sse: Setting<boolean>;
  readonly host: Setting<string>;
  readonly port: Setting<number>;
  readonly endWithInput: Setting<boolean>;
  readonly token: Setting<string | undefined>;
} = {
  check: {
    flag: 'check',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description: 'test itself, print what came of it as JSON, and end',
  },
  logLevel: {
    flag: 'log-level',
    env: 'MCP_LOG_LEVEL',
    schema: z.enum(LOG_LEVELS).default('info'),
    description: `least that is logged on standard error: ${LOG_LEVELS.join(', ')}`,
  },
  logFormat: {
    flag: 'log-format',
    env: 'MCP_LOG_FORMAT',
    schema: z.enum(LOG_FORMATS).default('text'),
    description: 'text, or json for one object a line',
  },
  http: {
    flag: 'http',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description: 'serve streamable HTTP at /mcp instead of stdio',
  },
  sse: {
    flag: 'sse',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description: 'serve HTTP, and the older HTTP+SSE at /sse besides',
  },
  host: { flag: 'host', schema: z.string().default('127.0.0.1'), description: 'address to listen on' },
  port: {
    flag: 'port',
    schema: z.coerce.number().int().min(0).max(65_535).default(3000),
    description: 'port to listen on; 0 takes a free one',
  },
  endWithInput: {
    flag: 'end-with-input',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description:
      'over HTTP: end when standard input ends, as it does when the program that started this one is gone',
  },
  token: {
    flag: 'token',
    env: 'MCP_TOKEN',
    schema: z
      .string()
      .regex(/^[\w.~+/-]+=*$/u, 'must be letters, digits and -._~+/ alone, with = at its end if any')
      .optional(),
    isSecret: true,
    description: 'bearer token that HTTP clients must send; prefer the variable, other users can see flags',
  },
};

const TAKEN_NAMES: readonly string[] = [
  ...Object.keys(ownSettings),
  ...Object.values(ownSettings).map(({ flag }) => flag),
  'help',
  'version',
];

/**
 * The settings of a program and those that every server has.
 *
 * @throws {TypeError} When one of the program's has a name or a flag of the others: one would silently win otherwise.
 */
export function withOwnSettings<Specs extends SettingSpecs>(settings: Specs): Specs & typeof ownSettings {
  for (const [name, { flag }] of Object.entries(settings)) {
    const taken = TAKEN_NAMES.find((each) => each === name || each === flag);
    if (taken !== undefined) {
      throw new TypeError(
        `The setting "${name}" (--${flag}) needs another name: serve() has --${taken} for its own`,
      );
    }
  }
  return { ...settings, ...ownSettings };
}
