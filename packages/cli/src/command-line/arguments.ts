import { parseArgs } from 'node:util';
import type { Display } from '../render/style.ts';
import { closest } from '../closest.ts';
import { COMMANDS } from './commands.ts';
import { OPTIONS } from './options.ts';
import { UsageError } from './usage-error.ts';

/** The command line, checked. */
export interface CliArguments {
  /** A name in {@link COMMANDS}. */
  readonly command: string;
  readonly wants: 'run' | 'help' | 'version';
  /** What stands behind the command. */
  readonly rest: readonly string[];
  readonly prompt: string;
  readonly isContinuing: boolean;
  /** Name of the conversation to go on with. */
  readonly resume: string | undefined;
  readonly config: string | undefined;
  /** Script paths that are used as servers, beside or instead of a configuration. */
  readonly scripts: readonly string[];
  readonly model: string | undefined;
  readonly output: 'text' | 'json' | 'stream-json';
  readonly maxTurns: number | undefined;
  /** `server` or `server/tool`: what may run without asking. */
  readonly allow: readonly string[];
  readonly isAllAllowed: boolean;
  /** The model hands requests to one server at a time, which runs as long as that takes. */
  readonly isDelegating: boolean;
  /** The model may ask how the servers are. */
  readonly isTellingHealth: boolean;
  readonly isDryRun: boolean;
  /** What is not wholly well is a failure. */
  readonly isStrict: boolean;
  readonly isForced: boolean;
  /** Where all is kept that is kept between runs, as it was typed. */
  readonly dataDir: string | undefined;
  readonly isDebugging: boolean;
  readonly display: Display;
  readonly isDrawingImages: boolean;
  /** `server add`. */
  readonly url: string | undefined;
  readonly env: readonly string[];
  /** `server import`: a program, or a file of one. */
  readonly from: readonly string[];
  readonly isWriting: boolean;
  /** Arguments of `call` as one JSON object. */
  readonly json: string | undefined;
}

/** @throws {UsageError} */
export function readArguments(argv: readonly string[]): CliArguments {
  const { values, positionals } = parse(argv);
  const { command, rest } = chooseCommand(positionals, values.prompt);
  const wants = values.help ? 'help' : values.version ? 'version' : 'run';
  if (wants === 'run') checkWords(command, rest);
  return {
    command,
    wants,
    rest,
    prompt: values.prompt ?? '',
    isContinuing: values.continue === true,
    resume: values.resume,
    config: values.config,
    scripts: values.server ?? [],
    model: values.model,
    output: chooseOutput(values),
    maxTurns: positiveInteger(values['max-turns']),
    allow: values.allow ?? [],
    isAllAllowed: values.yes === true,
    isDelegating: values.delegate === true,
    isTellingHealth: values['server-health'] === true,
    isDryRun: values['dry-run'] === true,
    isStrict: goesWithPrompt('strict', values),
    dataDir: folderName(values['data-dir']),
    isDebugging: values.debug === true,
    isForced: values.force === true,
    display: values['screen-reader'] ? 'words' : values.plain ? 'plain' : 'drawn',
    isDrawingImages: drawsImages(values.images),
    url: values.url,
    env: values.env ?? [],
    from: values.from ?? [],
    isWriting: values.write === true,
    json: values.args,
  };
}

function chooseCommand(
  positionals: readonly string[],
  prompt: string | undefined,
): Pick<CliArguments, 'command' | 'rest'> {
  const [word, second, ...others] = positionals;
  if (prompt !== undefined) {
    if (prompt.trim() === '') throw new UsageError('-p needs a request: patchbay -p "…"');
    if (word !== undefined) throw new UsageError(`-p and "${word}" do not go together`);
    return { command: 'ask', rest: [] };
  }
  if (word === undefined) return { command: 'chat', rest: [] };
  const pair = `${word} ${second ?? ''}`;
  if (COMMANDS[pair]) return { command: pair, rest: others };
  if (COMMANDS[word] && word !== 'ask') return { command: word, rest: positionals.slice(1) };
  const family = Object.keys(COMMANDS).filter((name) => name.startsWith(`${word} `));
  if (family.length > 0) throw new UsageError(`${word} goes with one of: ${family.join(', ')}`);
  throw unknownCommand(word, positionals);
}

function unknownCommand(word: string, positionals: readonly string[]): UsageError {
  const near = closest(word, Object.keys(COMMANDS));
  const meant = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  const request = positionals.join(' ');
  return new UsageError(
    `Unknown command "${word}".${meant} To send a request, write: patchbay -p "${request}"`,
  );
}

function checkWords(command: string, rest: readonly string[]): void {
  const { words = { min: 0, max: 0 }, usage } = COMMANDS[command] ?? { usage: command };
  if (rest.length < words.min) throw new UsageError(`Too few words: patchbay ${usage}`);
  if (rest.length > words.max) {
    throw new UsageError(`${command} takes no "${rest.slice(words.max).join(' ')}": patchbay ${usage}`);
  }
}

function chooseOutput(values: {
  json?: boolean;
  'stream-json'?: boolean;
  prompt?: string;
}): CliArguments['output'] {
  if (!values['stream-json']) return values.json ? 'json' : 'text';
  return goesWithPrompt('stream-json', values) ? 'stream-json' : 'text';
}

/** Whether an option is given that only a request can heed. */
function goesWithPrompt(
  name: 'strict' | 'stream-json',
  values: { readonly strict?: boolean; readonly 'stream-json'?: boolean; readonly prompt?: string },
): boolean {
  if (values[name] === true && values.prompt === undefined) throw new UsageError(`--${name} goes with -p`);
  return values[name] === true;
}

function folderName(word: string | undefined): string | undefined {
  if (word === '') throw new UsageError('--data-dir needs the name of a folder');
  return word;
}

function drawsImages(word: string | undefined): boolean {
  if (word === undefined || word === 'auto') return true;
  if (word === 'off') return false;
  throw new UsageError(`--images is auto or off, not "${word}"`);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError(explain(error) + hintBehind(argv), { cause: error });
  }
}

/** Node says where a word could stand that begins with a dash; what was meant is likelier an option. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, unknown] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
  if (unknown === undefined) return message;
  const near = closest(
    unknown,
    Object.keys(OPTIONS).map((name) => `--${name}`),
  );
  return `Unknown option ${unknown}.${near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''}`;
}

/** An option of a server's own command is easily taken for one of ours. */
function hintBehind([first, second, ...others]: readonly string[]): string {
  if (first !== 'server' || second !== 'add' || others.includes('--')) return '';
  return ' The command of a server stands behind --: server add math -- npx -y @patchbay/server-math';
}

function positiveInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new UsageError(`--max-turns is a number from 1 to 9999, not "${text}"`);
  return Number(text);
}
