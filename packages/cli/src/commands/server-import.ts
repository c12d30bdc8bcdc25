import { basename, dirname, resolve } from 'node:path';
import type { Environment } from '@patchbay/core';
import { PatchbayError, printable } from '@patchbay/core';
import type { HostFile, ImportedServer, McpServerEntry } from '@patchbay/core/config';
import {
  findHostConfigs,
  HOST_NAMES,
  identifyHostFile,
  importConfig,
  mergeServers,
} from '@patchbay/core/config';
import type { CliArguments } from '../command-line/arguments.ts';
import { writeConfigFile } from '../config-file.ts';
import { readIfThere } from '../read-if-there.ts';
import { readEnvironment } from '../environment.ts';
import { EXIT } from '../exit-code.ts';
import type { Style } from '../render/style.ts';
import { styleFor } from '../render/style.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/**
 * `patchbay server import`: the servers that other programs are configured with, as an `mcp.json` of their own on stdout,
 * or with `--write` added to the one there is. Ends with 2 when there is nothing to import.
 */
export async function serverImportCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const { cwd, stdout, stderr } = terminal;
  const env = await readEnvironment(terminal.env, cwd);
  const target = resolve(cwd, args.config ?? 'mcp.json');
  const files = await chooseFiles(args.from, { env, cwd });
  // What is relative in the configuration is relative to its folder.
  const servers = await importConfig(
    files.filter(({ path }) => path !== target),
    { env, folder: dirname(target) },
  );
  if (args.output === 'json') lineOfJson(stdout, servers.map(toJson));
  else for (const server of servers) tellOf(server, terminal.stderr, styleFor(terminal.stderr, args.display));

  const usable = servers.flatMap(({ name, entry, place }) => (entry ? [{ name, entry, place }] : []));
  if (usable.length === 0) {
    line(stderr, `Nothing to import. Looked into: ${files.map(({ path }) => path).join(', ')}`);
    return EXIT.usage;
  }
  if (args.isWriting) {
    const { added, present } = await writeInto(target, usable);
    const there = present.length > 0 ? `; there already: ${present.join(', ')}` : '';
    line(stderr, `${target}: added ${added.join(', ') || 'nothing'}${there}`);
  } else if (args.output !== 'json') {
    line(stdout, mergeServers('', 'mcp.json', usable).text.trimEnd());
  }
  return EXIT.ok;
}

async function chooseFiles(
  from: readonly string[],
  { env, cwd }: { readonly env: Environment; readonly cwd: string },
): Promise<readonly HostFile[]> {
  const found = await findHostConfigs({ env, platform: process.platform, folder: cwd });
  if (from.length > 0) {
    const chosen = await Promise.all(
      from.map(async (word) => {
        const isHost = HOST_NAMES.some((host) => host === word);
        return isHost ? filesOf(word, found) : [await identifyHostFile(resolve(cwd, word))];
      }),
    );
    return chosen.flat();
  }
  if (found.length > 0) return found;
  throw new PatchbayError('CONFIG_NOT_FOUND', 'No other program on this machine has a list of servers', {
    hint: `Looked for those of ${HOST_NAMES.join(', ')}. Name a file with --from <file>.`,
  });
}

function filesOf(host: string, found: readonly HostFile[]): readonly HostFile[] {
  const files = found.filter((file) => file.host === host);
  if (files.length > 0) return files;
  throw new PatchbayError('CONFIG_NOT_FOUND', `${host} has no list of servers here`, {
    hint: 'Name its file with --from <file>.',
  });
}

/** `✓ name  from file:line:column`, with what is to be known below it. */
function tellOf(
  { name, place, config, notes }: ImportedServer,
  stderr: Terminal['stderr'],
  style: Style,
): void {
  const { transport } = config;
  const isInvalid = transport.kind === 'invalid';
  const mark = isInvalid ? style.bad(style.signs.failed) : style.good(style.signs.ok);
  line(stderr, ` ${mark} ${style.strong(printable(name))}  ${style.dim(`from ${place}`)}`);
  if (isInvalid)
    line(stderr, `   ${printable(transport.reason)}\n   ${style.signs.hint} ${printable(transport.hint)}`);
  for (const note of notes) line(stderr, `   ${printable(note)}`);
}

function toJson({ name, host, place, entry, config: { transport }, notes }: ImportedServer): object {
  const problem = transport.kind === 'invalid' ? { problem: transport.reason, hint: transport.hint } : {};
  return { name, host, place, entry, ...problem, notes };
}

async function writeInto(
  target: string,
  servers: readonly { name: string; entry: McpServerEntry; place: string }[],
): Promise<{ added: readonly string[]; present: readonly string[] }> {
  const text = await readIfThere(target);
  const merged = mergeServers(text ?? '', basename(target), servers);
  if (merged.added.length > 0) await writeConfigFile(target, merged.text);
  return merged;
}
