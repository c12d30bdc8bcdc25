import { access, constants, mkdir, statfs } from 'node:fs/promises';
import type { Environment } from '@patchbay/core';
import { errorMessage } from '@patchbay/core';
import { cacheFolder, stateFolder } from '../folders.ts';
import type { Terminal } from '../terminal.ts';
import { imageProtocol } from '../render/image.ts';
import type { Finding } from './finding.ts';

/** Least free space that is no reason for worry, in bytes. */
const ENOUGH_SPACE = 100 * 1024 * 1024;

export function nodeFinding(version: string): Finding {
  // An older one does not get here: the program refuses to start on it.
  return { area: 'node', level: 'ok', what: `Node ${version}`, data: { version } };
}

/** Whether what is kept between runs can be. */
export async function* folderFindings(env: Environment, cwd: string): AsyncGenerator<Finding> {
  const folders = {
    'this folder': cwd,
    conversations: stateFolder(env),
    'remembered servers': cacheFolder(env),
  };
  for (const [what, path] of Object.entries(folders)) {
    if (path === undefined) {
      const hint = 'Unset PATCHBAY_STATE and PATCHBAY_CACHE, or set HOME.';
      yield { area: 'folders', level: 'caution', what: `${what}: nowhere, so nothing is kept`, hint };
    } else yield await folderFinding(what, path);
  }
}

async function folderFinding(what: string, path: string): Promise<Finding> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK);
    const { bavail, bsize } = await statfs(path);
    const free = bavail * bsize;
    if (free >= ENOUGH_SPACE)
      return { area: 'folders', level: 'ok', what: `${what}: ${path} can be written` };
    const megabytes = Math.floor(free / 1024 / 1024);
    return {
      area: 'folders',
      level: 'caution',
      what: `${what}: only ${megabytes} MB are free at ${path}`,
      hint: 'Make room: conversations, exports and plots go there.',
    };
  } catch (error) {
    return {
      area: 'folders',
      level: what === 'this folder' ? 'caution' : 'problem',
      what: `${what}: ${path} cannot be written (${errorMessage(error)})`,
      hint: 'Make it writable, or name another folder with PATCHBAY_STATE and PATCHBAY_CACHE.',
    };
  }
}

export function* terminalFindings({ stdin, stdout, env }: Terminal): Generator<Finding> {
  const area = 'terminal';
  if (stdin.isTTY !== true || stdout.isTTY !== true) {
    yield { area, level: 'ok', what: 'no terminal: output as for a pipe, and tools that ask are refused' };
    return;
  }
  const columns = stdout.columns ?? 80;
  const colour = env['NO_COLOR'] ? 'no colour (NO_COLOR)' : 'colour';
  const images = imageProtocol(env) ?? 'images as files';
  const data = { columns, colour, images };
  yield { area, level: 'ok', what: `${columns} columns, ${colour}, ${images}`, data };
  if (columns < 60) {
    yield {
      area,
      level: 'caution',
      what: 'a narrow window',
      hint: 'Tables are easier to read from 60 columns on.',
    };
  }
}
