import { resolve } from 'node:path';
import * as z from 'zod';
import { errorMessage, PatchbayError } from '../../errors.ts';
import { isRecord } from '../../json.ts';
import { late } from '../../late-builtins.ts';
import type { Environment } from '../expand-variables.ts';
import type { ServerConfig } from '../host-config.ts';
import type { ParsedText, ValuePath } from '../parsed-text.ts';
import { definedTwice } from '../parsed-text.ts';
import { entryServer, unusableValue } from '../load-config.ts';
import { readTextFile } from '../read-text-file.ts';
import type { McpServerEntry, TranslatedEntry } from './foreign-entry.ts';
import { UnsupportedServer } from './foreign-entry.ts';
import type { HostFile, HostName } from './host-files.ts';
import { homeFolder, HOST_NAMES, projectFolder } from './host-files.ts';
import { HOST_READERS } from './host-readers.ts';
import { ForeignVariable } from './host-variables.ts';

/** A server that was found in the file of another host. */
export interface ImportedServer {
  readonly name: string;
  readonly host: HostName;
  /** `file:line:column` where it is defined. */
  readonly place: string;
  /** What a host can start. `invalid` where it cannot: a variable is not set, or it needs what only its own host has. */
  readonly config: ServerConfig;
  /** As it would stand in an `mcp.json`. Absent: it needs what only its own host has. */
  readonly entry?: McpServerEntry;
  /** Whether its file turns it off. */
  readonly isDisabled: boolean;
  /** What of it was not taken over, or is to be looked at. */
  readonly notes: readonly string[];
}

export interface ImportOptions {
  /** Where variables are looked up, and the user's folder. */
  readonly env: Environment;
  readonly platform?: NodeJS.Platform;
  /** The folder that is worked in: of a user's own files, what `${workspaceFolder}` stands for. */
  readonly folder: string;
}

/**
 * Reads the servers in files of other hosts, as {@link findHostConfigs} finds them. What is wrong with one server alone,
 * such as a variable that is not set, makes that server `invalid`.
 *
 * @throws {PatchbayError} `CONFIG_NOT_FOUND` for a file that cannot be read; `CONFIG_INVALID`, with file, line and
 * column, for one that is not what its host reads, and with both places for a name that is defined twice and not alike.
 */
export async function importConfig(
  files: HostFile | readonly HostFile[],
  options: ImportOptions,
): Promise<readonly ImportedServer[]> {
  const all = await Promise.all(asList(files).map((file) => importFile(file, options)));
  const byName = new Map<string, ImportedServer>();
  for (const server of all.flat()) {
    const { name, place } = server;
    const earlier = byName.get(name);
    if (!earlier) byName.set(name, server);
    else if (!isSame(earlier, server)) throw definedTwice(name, { first: earlier.place, second: place });
  }
  return [...byName.values()];
}

async function importFile(file: HostFile, options: ImportOptions): Promise<readonly ImportedServer[]> {
  const { env, platform = process.platform } = options;
  const { host, path } = file;
  const folder = projectFolder(file, options.folder);
  const reader = HOST_READERS[host];
  const document = await reader.parse(await readText(path), path);
  const place = { platform, folder, home: homeFolder({ env, platform }) };
  return reader
    .lists(document.value, place)
    .flatMap((list) => entriesAt(document, list))
    .map(([at, value]): ImportedServer => {
      const name = String(at.at(-1));
      const facts = { name, host, place: document.at(at) };
      const read = (): ImportedServer => {
        const { entry: own, notes } = reader.translate(value, { ...place, document: document.value });
        const entry = folder === options.folder ? own : withFolder(own, folder);
        const config = entryServer(name, entry, { source: path, folder, env });
        const all = [...notes, ...secretsIn(entry)];
        return { ...facts, config, entry, isDisabled: entry.disabled === true, notes: all };
      };
      return readOrExplain(read, { facts, document, at });
    });
}

/** A process of another project goes on running in that. */
function withFolder(entry: McpServerEntry, folder: string): McpServerEntry {
  if (entry.command === undefined || entry.cwd?.startsWith('${')) return entry;
  return { ...entry, cwd: resolve(folder, entry.cwd ?? '.') };
}

function readOrExplain(
  read: () => ImportedServer,
  context: {
    readonly facts: Pick<ImportedServer, 'name' | 'host' | 'place'>;
    readonly document: ParsedText;
    readonly at: ValuePath;
  },
): ImportedServer {
  const { facts, document, at } = context;
  try {
    return read();
  } catch (error) {
    if (error instanceof z.ZodError) throw unusableValue(document, error, at);
    if (!(error instanceof ForeignVariable || error instanceof UnsupportedServer)) throw error;
    const base = entryServer(facts.name, {}, { source: facts.place, folder: '', env: {} });
    const hint = `Write it by hand as mcp.json has it; it stands at ${facts.place}.`;
    const config: ServerConfig = { ...base, transport: { kind: 'invalid', reason: error.message, hint } };
    return { ...facts, config, isDisabled: false, notes: [] };
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readTextFile(path);
  } catch (cause) {
    throw new PatchbayError('CONFIG_NOT_FOUND', `Cannot read ${path}: ${errorMessage(cause)}`, {
      hint: `Name a file, or one of ${HOST_NAMES.join(', ')}.`,
      cause,
    });
  }
}

function entriesAt({ value, at }: ParsedText, list: ValuePath): readonly (readonly [ValuePath, unknown])[] {
  let found = value;
  for (const key of list) found = isRecord(found) ? found[key] : undefined;
  if (found === undefined) return [];
  if (isRecord(found)) return Object.entries(found).map(([name, entry]) => [[...list, name], entry] as const);
  throw new PatchbayError('CONFIG_INVALID', `${at(list)}: ${list.join('.')} is no list of servers by name`);
}

/** What looks like a secret and is copied as it stands. */
function secretsIn({ env = {}, headers = {} }: TranslatedEntry['entry']): string[] {
  const names = Object.entries({ ...env, ...headers })
    .filter(
      ([name, value]) => /key|token|secret|passw|authorization/i.test(name) && !/(?<!\$)\$\{/.test(value),
    )
    .filter(([, value]) => value !== '')
    .map(([name]) => name);
  return names.length === 0 ? [] : [`holds ${names.join(', ')} in plain text`];
}

function isSame(one: ImportedServer, other: ImportedServer): boolean {
  return one.entry !== undefined && late.util.isDeepStrictEqual(one.entry, other.entry);
}

function asList(files: HostFile | readonly HostFile[]): readonly HostFile[] {
  return 'host' in files ? [files] : files;
}
