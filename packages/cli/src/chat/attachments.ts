import { readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { ContentPart, Host, ResourceContent } from '@patchbay/core';
import { errorMessage, PatchbayError, printable } from '@patchbay/core';

/** What of a file or resource goes with a request. Above this a tool that reads in pieces is the better way. */
const MAX_BYTES = 512 * 1024;
const IMAGE_TYPES: Readonly<Record<string, string>> = {
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};
const MENTION = /(?<!\S)@([^\s:@]+):(\S+)/g;

/** The resources that a request names as `@server:uri`, of the servers that there are. */
export function mentionedResources(
  text: string,
  servers: readonly string[],
): readonly { readonly server: string; readonly uri: string }[] {
  return Array.from(text.matchAll(MENTION), ([, server = '', uri = '']) => ({ server, uri })).filter(
    ({ server }) => servers.includes(server),
  );
}

/** Reads a resource of a server. @throws {PatchbayError} when it cannot be read, or is too long. */
export async function attachResource(
  host: Host,
  { server, uri }: { readonly server: string; readonly uri: string },
  signal: AbortSignal,
): Promise<readonly ContentPart[]> {
  const contents = await host.library.readResource({ server, uri }, signal);
  return contents.map((content) => toPart(content, `${server}:${uri}`));
}

/** Reads a file: text, or an image. @throws {PatchbayError} when it is neither, missing, or too long. */
export async function attachFile(path: string, cwd: string): Promise<readonly ContentPart[]> {
  const file = resolve(cwd, path);
  const found = await stat(file).catch((cause: unknown) => {
    throw new PatchbayError('CONFIG_NOT_FOUND', `There is no file ${path}`, {
      hint: 'A resource is named <server>:<uri>; /resources lists them.',
      cause,
    });
  });
  if (!found.isFile()) {
    throw new PatchbayError('CONFIG_INVALID', `${path} is ${found.isDirectory() ? 'a folder' : 'no file'}`, {
      hint: 'Name a file of text, or an image.',
    });
  }
  checkSize(path, found.size);
  const data = await readFile(file).catch((cause: unknown) => {
    throw new PatchbayError('CONFIG_INVALID', `Cannot read ${path}: ${errorMessage(cause)}`, {
      hint: 'Make it readable for you, or name another file.',
      cause,
    });
  });
  const mimeType = IMAGE_TYPES[extname(file).toLowerCase()];
  if (mimeType !== undefined) return [{ type: 'image', mimeType, data: data.toString('base64') }];
  if (data.includes(0)) throw new PatchbayError('CONFIG_INVALID', `${path} is neither text nor an image`);
  return [titled(basename(file), data.toString('utf8'))];
}

function toPart(content: ResourceContent, name: string): ContentPart {
  if ('text' in content) {
    checkSize(name, Buffer.byteLength(content.text));
    return titled(name, content.text);
  }
  checkSize(name, (content.data.length * 3) / 4);
  const { mimeType = '', data } = content;
  if (mimeType.startsWith('image/')) return { type: 'image', mimeType, data };
  throw new PatchbayError(
    'CONFIG_INVALID',
    `${name} is neither text nor an image (${mimeType || 'no type'})`,
  );
}

function checkSize(name: string, bytes: number): void {
  if (bytes <= MAX_BYTES) return;
  throw new PatchbayError('CONFIG_INVALID', `${name} is too long to go with a request: ${bytes} bytes`, {
    hint: `At most ${MAX_BYTES}. A tool that reads it in pieces can have more.`,
  });
}

function titled(name: string, text: string): ContentPart {
  return { type: 'text', text: `Content of ${printable(name)}:\n\n${text}` };
}
