import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The servers, one file each, whose first lines say what it does and which arguments it takes. */
export type FaultyServerName =
  | 'bad-list'
  | 'bad-schema'
  | 'big-result'
  | 'crash-at-start'
  | 'crash-on-call'
  | 'hang-on-call'
  | 'ignores-sigterm'
  | 'leaves-daemon'
  | 'legacy-only'
  | 'many-tools'
  | 'noisy'
  | 'paged'
  | 'silent';

/** How to launch a stdio server: the fields that MCP configurations have. */
export interface ServerLaunch {
  readonly command: string;
  readonly args: readonly string[];
}

// Whole literals, so that tools which follow imports find the programs.
const programs: Readonly<Record<FaultyServerName, URL>> = {
  'bad-list': new URL('./bad-list.ts', import.meta.url),
  'bad-schema': new URL('./bad-schema.ts', import.meta.url),
  'big-result': new URL('./big-result.ts', import.meta.url),
  'crash-at-start': new URL('./crash-at-start.ts', import.meta.url),
  'crash-on-call': new URL('./crash-on-call.ts', import.meta.url),
  'hang-on-call': new URL('./hang-on-call.ts', import.meta.url),
  'ignores-sigterm': new URL('./ignores-sigterm.ts', import.meta.url),
  'leaves-daemon': new URL('./leaves-daemon.ts', import.meta.url),
  'legacy-only': new URL('./legacy-only.ts', import.meta.url),
  'many-tools': new URL('./many-tools.ts', import.meta.url),
  noisy: new URL('./noisy.ts', import.meta.url),
  paged: new URL('./paged.ts', import.meta.url),
  silent: new URL('./silent.ts', import.meta.url),
};

/**
 * How to launch an MCP server that misbehaves in one way: a program of its own, without an SDK, that any client can
 * start. Runs from source and from the built package alike.
 */
export function faultyServer(name: FaultyServerName, ...args: readonly (number | string)[]): ServerLaunch {
  // Built, this file and the programs end in .js.
  const program = fileURLToPath(programs[name]).replace(/\.ts$/, extname(import.meta.url));
  return { command: process.execPath, args: [program, ...args.map(String)] };
}
