import { BlockList, isIP } from 'node:net';
import { SettingsError } from './settings.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/**
 * Keeps a server that asks for no token to this machine. The check of the Host header keeps only browsers out: whoever else
 * reaches the port sends the name that is asked for.
 *
 * @throws {SettingsError} For an address that others may reach, without a token.
 */
export function requireTokenBeyondLoopback(host: string, token: string | undefined): void {
  if (token !== undefined || isLoopback(host)) return;
  throw new SettingsError(
    `--host ${host} lets others on the network call every tool: set MCP_TOKEN to what they have to send, or listen on 127.0.0.1`,
  );
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0
    ? host.toLowerCase() === 'localhost'
    : loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
