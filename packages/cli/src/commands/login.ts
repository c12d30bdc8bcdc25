import type { Authorize, HostConfig } from '@patchbay/core';
import { PatchbayError } from '@patchbay/core';
import type { CliArguments } from '../command-line/arguments.ts';
import { EXIT } from '../exit-code.ts';
import { serverJson } from '../render/json.ts';
import { renderServer } from '../render/startup.ts';
import { styleFor } from '../render/style.ts';
import { openCommandSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';
import { untilAborted } from '../until-aborted.ts';

/** `patchbay login <server>`: shows where to sign in and waits until that is done. Ends with 3 when it comes to nothing. */
export async function loginCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const [server = ''] = args.rest;
  const { stdout, stderr, interrupted } = terminal;
  const authorize: Authorize = ({ url }) => {
    line(stderr, `To sign in to ${server}, open this address in a browser on this machine:\n\n  ${url}\n`);
    line(stderr, 'Waiting for the browser to come back. Ctrl-C gives up.');
  };
  await using session = await openCommandSession(args, terminal, authorize);
  refuseLocal(session.config, server);
  const status = await untilAborted(session.host.restart(server), interrupted);
  if (args.output === 'json') lineOfJson(stdout, serverJson(status));
  else line(stdout, renderServer(status, server.length, styleFor(stdout, args.display)));
  return status.state.kind === 'down' ? EXIT.auth : EXIT.ok;
}

/** @throws {PatchbayError} for a server that runs on this machine. */
export function refuseLocal({ source, servers }: HostConfig, server: string): void {
  const kind = servers.find(({ name }) => name === server)?.transport.kind;
  if (kind !== 'stdio') return;
  throw new PatchbayError('CONFIG_INVALID', `${server} is a program of this machine: nobody signs in to it`, {
    hint: `What it has to know stands in its "env" in ${source}.`,
  });
}
