import type { CliArguments } from '../command-line/arguments.ts';
import { printable } from '@patchbay/core';
import { EXIT } from '../exit-code.ts';
import { nameWidth, renderServer } from '../render/startup.ts';
import { styleFor } from '../render/style.ts';
import type { Session } from '../session.ts';
import { openSession } from '../session.ts';
import { startAllServers, startNamedServer } from '../started-server.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** `patchbay resources`: what all servers offer to read, or the content of one of them as it is. */
export async function resourcesCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openSession(args, terminal);
  const { stdout } = terminal;
  const [target] = args.rest;
  if (target === undefined) return await listAll(session, args, terminal);

  const { server, rest: uri } = await startNamedServer(session.host, target, ':');
  const contents = await session.host.library.readResource({ server, uri }, terminal.interrupted);
  if (args.output === 'json') lineOfJson(stdout, contents);
  else {
    for (const content of contents) {
      // A terminal gets text that is safe to print; a pipe gets what the server sent.
      if ('data' in content) stdout.write(Buffer.from(content.data, 'base64'));
      else line(stdout, stdout.isTTY === true ? printable(content.text) : content.text);
    }
  }
  return EXIT.ok;
}

async function listAll(
  { host }: Session,
  { output, display }: CliArguments,
  { stdout, stderr, interrupted }: Terminal,
): Promise<number> {
  const width = nameWidth(host.servers());
  await startAllServers(host, (status) =>
    line(stderr, renderServer(status, width, styleFor(stderr, display))),
  );
  const resources = await host.library.listResources(interrupted);
  const templates = await host.library.listResourceTemplates(interrupted);
  const style = styleFor(stdout, display);
  if (output === 'json') lineOfJson(stdout, { resources: resources.items, templates: templates.items });
  else {
    for (const { server, uri, name, description } of resources.items) {
      line(
        stdout,
        `${style.strong(printable(`${server}:${uri}`))}  ${style.dim(printable(description ?? name))}`,
      );
    }
    for (const { server, uriTemplate, name, description } of templates.items) {
      line(
        stdout,
        `${style.strong(printable(`${server}:${uriTemplate}`))}  ${style.dim(printable(description ?? name))}`,
      );
    }
  }
  for (const { server, reason } of resources.failures)
    line(stderr, `${server} could not be asked: ${reason}`);
  return EXIT.ok;
}
