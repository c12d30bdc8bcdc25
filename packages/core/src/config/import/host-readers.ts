import { posix, win32 } from 'node:path';
import * as z from 'zod';
import { isRecord } from '../../json.ts';
import type { ParsedText, ValuePath } from '../parsed-text.ts';
import { parseJsonc } from '../jsonc.ts';
import { translateCodexEntry } from './codex-entry.ts';
import type { TranslatedEntry } from './foreign-entry.ts';
import { translateJsonEntry } from './foreign-entry.ts';
import type { HostName } from './host-files.ts';
import { escapeVariables, translateEditorVariables } from './host-variables.ts';

/** What a file is read with. */
interface ReadingPlace {
  readonly platform: NodeJS.Platform;
  /** The project's folder. */
  readonly folder: string;
  readonly home: string;
}

/** How one host writes servers down. */
interface HostReader {
  parse(text: string, source: string): ParsedText | Promise<ParsedText>;
  /** Where in the file servers stand, by name. */
  lists(value: unknown, place: ReadingPlace): readonly ValuePath[];
  /** Throws a `ZodError` for what is no server, and other errors for one that cannot be used here. */
  translate(entry: unknown, place: ReadingPlace & { readonly document: unknown }): TranslatedEntry;
}

/** Files of every host whose servers can be read. One form, `mcpServers`, is shared by most. */
export const HOST_READERS: Readonly<Record<HostName, HostReader>> = {
  'claude-desktop': {
    parse: parseJsonc,
    lists: () => [['mcpServers']],
    translate: (entry) => translateJsonEntry(entry, escapeVariables),
  },
  'claude-code': {
    parse: parseJsonc,
    lists: (value, place) => [...claudeProject(value, place), ['mcpServers']],
    // `${VAR}` and `${VAR:-default}` are what they are here.
    translate: (entry) => translateJsonEntry(entry, (text) => text),
  },
  cursor: {
    parse: parseJsonc,
    lists: () => [['mcpServers']],
    translate: translateEditorEntry,
  },
  vscode: {
    parse: parseJsonc,
    lists: () => [['servers']],
    translate: translateEditorEntry,
  },
  windsurf: {
    parse: parseJsonc,
    lists: () => [['mcpServers']],
    translate: translateEditorEntry,
  },
  codex: {
    parse: async (text, source) => (await import('./toml.ts')).parseToml(text, source),
    lists: () => [['mcp_servers']],
    translate: (entry) => translateCodexEntry(entry),
  },
};

function translateEditorEntry(
  entry: unknown,
  { document, platform, folder, home }: ReadingPlace & { readonly document: unknown },
): TranslatedEntry {
  const translate = translateEditorVariables({
    workspaceFolder: folder,
    userHome: home,
    pathSeparator: platform === 'win32' ? win32.sep : posix.sep,
    inputs: readInputs(document),
  });
  return translateJsonEntry(entry, translate);
}

const Inputs = z.looseObject({
  inputs: z.array(z.looseObject({ id: z.string(), default: z.string().optional() })),
});

/** What VS Code asks its user for is taken from the environment: `${input:api-key}` from `API_KEY`. */
function readInputs(document: unknown): ReadonlyMap<string, string> {
  const { data } = Inputs.safeParse(document);
  return new Map(
    (data?.inputs ?? []).map(({ id, default: fallback }) => {
      const name = id.toUpperCase().replaceAll(/\W/g, '_').replace(/^\d/, '_$&');
      const isUsable = fallback !== undefined && !fallback.includes('}');
      return [id, isUsable ? `\${${name}:-${fallback}}` : `\${${name}}`];
    }),
  );
}

/** The servers that Claude Code keeps for one project alone, by its folder or the nearest above that has any. */
function claudeProject(value: unknown, { folder, platform }: ReadingPlace): readonly ValuePath[] {
  const projects = isRecord(value) ? value['projects'] : undefined;
  if (!isRecord(projects)) return [];
  const paths = platform === 'win32' ? win32 : posix;
  for (let each = folder; ; each = paths.dirname(each)) {
    const key = Object.keys(projects).find((name) => name === each || name === each.replaceAll('\\', '/'));
    const project = key === undefined ? undefined : projects[key];
    if (key !== undefined && isRecord(project) && project['mcpServers'] !== undefined)
      return [['projects', key, 'mcpServers']];
    if (paths.dirname(each) === each) return [];
  }
}
