import type { HostConfig, ServerConfig } from '@patchbay/core';
import { PatchbayError, printable } from '@patchbay/core';
import { loadConfig } from '@patchbay/core/config';
import { didYouMean } from '../closest.ts';
import type { CliArguments } from '../command-line/arguments.ts';
import { findConfigFile, readConfigFile } from '../config-file.ts';
import { readEnvironment } from '../environment.ts';
import { EXIT } from '../exit-code.ts';
import { styleFor } from '../render/style.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** `patchbay server list`: what the configuration says, without starting anything. */
export async function serverListCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const { servers } = await load(args, terminal);
  const { stdout } = terminal;
  const style = styleFor(stdout, args.display);
  const width = Math.max(0, ...servers.map(({ name }) => name.length));
  if (args.output === 'json') lineOfJson(stdout, servers.map(toJson));
  else
    for (const server of servers)
      line(stdout, `${style.strong(server.name.padEnd(width))}  ${describe(server)}`);
  if (servers.length === 0 && args.output !== 'json')
    line(stdout, 'There are no servers. Add one: patchbay server add math -- npx -y @patchbay/server-math');
  return EXIT.ok;
}

/** `patchbay server get math`: one server, as it would be started. The values of its variables are not shown. */
export async function serverGetCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const [name = ''] = args.rest;
  const { servers, source } = await load(args, terminal);
  const server = servers.find((each) => each.name === name);
  if (!server) {
    const names = servers.map((each) => each.name);
    throw new PatchbayError(
      'SERVER_UNAVAILABLE',
      `${source} has no server "${name}"${didYouMean(name, names)}`,
      {
        hint: `It has: ${names.join(', ') || 'none'}.`,
      },
    );
  }
  if (args.output === 'json') lineOfJson(terminal.stdout, toJson(server));
  else
    for (const [key, value] of Object.entries(toJson(server))) {
      line(
        terminal.stdout,
        `${key.padEnd(14)}  ${typeof value === 'string' ? printable(value) : JSON.stringify(value)}`,
      );
    }
  return EXIT.ok;
}

async function load({ config }: CliArguments, { cwd, env }: Terminal): Promise<HostConfig> {
  const path = findConfigFile(config, cwd);
  await readConfigFile(path, cwd);
  return loadConfig(path ?? '', await readEnvironment(env, cwd));
}

function describe({ transport }: ServerConfig): string {
  switch (transport.kind) {
    case 'stdio':
      return printable([transport.command, ...transport.args].join(' '));
    case 'http':
    case 'sse':
      return printable(withoutSecrets(transport.url));
    case 'invalid':
      return `cannot be used: ${printable(transport.reason)}`;
    default:
      return transport satisfies never;
  }
}

function toJson({ name, transport, ...settings }: ServerConfig): Record<string, unknown> {
  switch (transport.kind) {
    case 'stdio': {
      const { command, args, cwd, env } = transport;
      return { name, transport: 'stdio', command, args, cwd, env: Object.keys(env), ...settings };
    }
    case 'http':
    case 'sse':
      return {
        name,
        transport: transport.kind,
        url: withoutSecrets(transport.url),
        headers: Object.keys(transport.headers),
        ...settings,
      };
    case 'invalid':
      return { name, problem: transport.reason, hint: transport.hint };
    default:
      return transport satisfies never;
  }
}

function withoutSecrets(url: URL): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  if (shown.search !== '') shown.search = '?***';
  return shown.href;
}
