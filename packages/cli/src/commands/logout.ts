import { printable } from '@patchbay/core';
import type { CliArguments } from '../command-line/arguments.ts';
import { EXIT } from '../exit-code.ts';
import { openCommandSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';
import { refuseLocal } from './login.ts';

/** `patchbay logout <server>`: forgets the sign-in to a server. That there was none is no failure. */
export async function logoutCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const [server = ''] = args.rest;
  await using session = await openCommandSession(args, terminal);
  refuseLocal(session.config, server);
  await session.host.signOut(server);
  if (args.output === 'json') lineOfJson(terminal.stdout, { name: server, signedIn: false });
  else line(terminal.stdout, `The sign-in to ${printable(server)} is forgotten.`);
  return EXIT.ok;
}
