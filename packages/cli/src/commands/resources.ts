import type { CliArguments } from '../command-line/arguments.ts';
import { printable } from '@patchbay/core';
import { EXIT } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { openCommandSession } from '../session.ts';
import { startNamedServer } from '../started-server.ts';
import { startForCommand } from '../startup.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';
import type { ListingOutput } from './print-listing.ts';
import { printListing } from './print-listing.ts';

/** `patchbay resources`: what all servers offer to read, or the content of one of them as it is. */
export async function resourcesCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openCommandSession(args, terminal);
  const { stdout, interrupted } = terminal;
  const [target] = args.rest;
  if (target === undefined) {
    await startForCommand(session, args, { terminal });
    printListing(await listAll(session, interrupted), args, terminal);
    return EXIT.ok;
  }
  const { server, rest: uri } = await startNamedServer(session.host, { target, separator: ':' }, interrupted);
  const contents = await session.host.library.readResource({ server, uri }, interrupted);
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

async function listAll({ host }: Session, signal: AbortSignal): Promise<ListingOutput> {
  const { items: resources, failures } = await host.library.listResources(signal);
  const { items: templates } = await host.library.listResourceTemplates(signal);
  const addressed = [
    ...resources,
    ...templates.map(({ uriTemplate, ...template }) => ({ ...template, uri: uriTemplate })),
  ];
  return {
    json: { resources, templates },
    rows: addressed.map(({ server, uri, name, description }) => ({
      name: `${server}:${uri}`,
      about: description ?? name,
    })),
    failures,
    none: 'No server offers resources.',
  };
}
