import { addTool, ToolError } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { typeByName } from '../files/content-type.ts';
import { makeFolder } from '../files/folder.ts';
import { appendToFile, createFile, replaceFile } from '../files/write-file.ts';
import type { FilesContext } from '../files-context.ts';
import { fileUri } from '../files-context.ts';
import { parseFilePath } from '../path-name.ts';
import { filePathInput } from './schemas.ts';
import { useAndClose } from '../use-and-close.ts';

/** Longest content of one call, in characters; messages over HTTP hold 4 MB. */
const MAX_CONTENT_LENGTH = 3_500_000;

const inputSchema = z.object({
  path: filePathInput,
  content: z
    .string()
    .max(MAX_CONTENT_LENGTH)
    .describe('The whole content of the file, or with append what to add to it'),
  overwrite: z.boolean().default(false).describe('Whether to replace a file that is there'),
  append: z.boolean().default(false).describe('Whether to add to the end of a file that is there'),
  encoding: z
    .enum(['utf8', 'base64'])
    .default('utf8')
    .describe('What content is: text, or the bytes of a binary file in base64'),
});

const outputSchema = z.object({
  path: z.string(),
  uri: z.string(),
  size: z.int().describe('Of the whole file, in bytes'),
  bytes_written: z.int(),
  created: z.boolean().describe('Whether there was no such file before'),
});

/** Offers `write_file`. */
export function addWriteFile(server: McpServer, context: FilesContext): void {
  addTool(server, {
    name: 'write_file',
    title: 'Write a file',
    description:
      'Writes a text or, in base64, a binary file into the workspace folder that the other servers share, and makes ' +
      'folders that are missing. A file that is there is refused unless overwrite or append is true. A new or ' +
      'replaced file appears whole or not at all. Up to 3.5 million characters a call; append makes files of up to ' +
      '50 MB.',
    input: inputSchema,
    output: outputSchema,
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    async run(input) {
      const write = chooseWrite(input);
      const content = toBytes(input);
      const { folder: parts, name } = parseFilePath(input.path);
      const path = [...parts, name].join('/');
      const { root } = await context.openWorkspace();
      const { size, isNew } = await useAndClose(await makeFolder(root, parts), (folder) =>
        write(folder, name, content),
      );
      const uri = fileUri(root, path);
      const did = isNew ? 'Wrote' : input.append ? 'Added to' : 'Replaced';
      return {
        structured: { path, uri, size, bytes_written: content.length, created: isNew },
        text: `${did} ${path} in the workspace: ${content.length} bytes written, ${size} in all.`,
        attachments: [
          { type: 'resource_link', uri, name: path, mimeType: typeByName(name, 'text/plain'), size },
        ],
      };
    },
  });
}

function chooseWrite({ overwrite, append }: z.infer<typeof inputSchema>): typeof createFile {
  if (overwrite && append) {
    throw new ToolError('INVALID_INPUT', 'overwrite and append exclude each other', {
      hint: 'Set one of the two.',
    });
  }
  if (append) return appendToFile;
  return overwrite ? replaceFile : createFile;
}

function toBytes({ content, encoding }: z.infer<typeof inputSchema>): Buffer {
  if (encoding === 'utf8') return Buffer.from(content, 'utf8');
  const text = content.replaceAll(/\s/gu, '');
  const bytes = Buffer.from(text, 'base64');
  // Node passes over what is not base64; a file with holes would be written.
  if (bytes.toString('base64').replace(/=+$/u, '') === text.replace(/=+$/u, '')) return bytes;
  throw new ToolError('INVALID_INPUT', 'content: is not base64', {
    hint: 'Send text with encoding "utf8", or check the base64 text.',
  });
}
