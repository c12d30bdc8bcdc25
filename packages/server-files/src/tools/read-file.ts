import type { ToolAnswer } from '@patchbay/server-kit';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { openFolder } from '../files/folder.ts';
import type { FilePart } from '../files/read-part.ts';
import { MAX_BINARY_BYTES, MAX_IMAGE_BYTES, readPart } from '../files/read-part.ts';
import type { FilesContext } from '../files-context.ts';
import { fileUri } from '../files-context.ts';
import { parseFilePath } from '../path-name.ts';
import { filePathInput } from './schemas.ts';
import { useAndClose } from '../use-and-close.ts';

const outputSchema = z.object({
  path: z.string(),
  uri: z.string(),
  kind: z.enum(['text', 'image', 'binary']),
  mime_type: z.string(),
  size: z.int().describe('Of the whole file, in bytes'),
  content: z.string().optional().describe('The piece of a text that was read'),
  offset: z.int().optional().describe('Where the piece begins, in bytes'),
  bytes: z.int().optional().describe('Size of the piece'),
  next_offset: z.int().optional().describe('Where to read on; absent when the piece ends the file'),
});

const inputSchema = z.object({
  path: filePathInput,
  offset: z
    .int()
    .min(0)
    .default(0)
    .describe('First byte of a text to read; the next_offset of the last answer'),
  max_bytes: z
    .int()
    .min(4)
    .max(200_000)
    .default(50_000)
    .describe('Most bytes of a text to read; default 50000'),
});

/** Offers `read_file`. */
export function addReadFile(server: McpServer, context: FilesContext): void {
  addTool(server, {
    name: 'read_file',
    title: 'Read a file',
    description:
      'Reads a file of the workspace. A UTF-8 text comes in pieces: read on from next_offset. PNG, JPEG, GIF and WebP ' +
      `images of up to ${MAX_IMAGE_BYTES / 1e6} MB come as images. Any other file counts as binary and comes as a ` +
      `base64 resource of up to ${MAX_BINARY_BYTES / 1e3} kB; of a larger one only type and size are told.`,
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    async run({ path: asked, offset, max_bytes: maxBytes }) {
      const { folder: parts, name } = parseFilePath(asked);
      const path = [...parts, name].join('/');
      const { root } = await context.openWorkspace();
      const part = await useAndClose(await openFolder(root, parts), (folder) =>
        readPart(folder, name, { offset, maxBytes }),
      );
      return toAnswer(part, { path, uri: fileUri(root, path) });
    },
  });
}

function toAnswer(
  part: FilePart,
  { path, uri }: { readonly path: string; readonly uri: string },
): ToolAnswer<z.infer<typeof outputSchema>> {
  const { kind, mimeType, size } = part;
  const common = { path, uri, mime_type: mimeType, size };
  if (kind === 'text') {
    const { text, offset, bytes, nextOffset } = part;
    return {
      structured: {
        ...common,
        kind,
        content: text,
        offset,
        bytes,
        ...(nextOffset !== undefined && { next_offset: nextOffset }),
      },
      text: describeText(part),
    };
  }
  const what = `${path} is ${kind === 'image' ? 'an image' : 'a binary file'} (${mimeType}, ${size} bytes)`;
  const data = part.content?.toString('base64');
  if (data === undefined) {
    return {
      structured: { ...common, kind },
      text: `${what}. It is too large to be shown; open it with a program that reads such files.`,
    };
  }
  return {
    structured: { ...common, kind },
    text: `${what}.`,
    attachments: [
      kind === 'image'
        ? { type: 'image', data, mimeType }
        : { type: 'resource', resource: { uri, mimeType, blob: data } },
    ],
  };
}

function describeText({
  text,
  offset,
  bytes,
  nextOffset,
  size,
}: Extract<FilePart, { kind: 'text' }>): string {
  if (size === 0) return '(The file is empty.)';
  if (offset === 0 && nextOffset === undefined) return text;
  const more = nextOffset === undefined ? 'This is the end.' : `Read on with offset ${nextOffset}.`;
  return `${text}\n[${bytes} of ${size} bytes, from byte ${offset}. ${more}]`;
}
