import { addTool, READ_ONLY_WEB, sliceText } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { ArxivClient } from '../arxiv-client.ts';
import type { PaperId } from '../paper-id.ts';
import { formatPaperId, paperUrls, parsePaperId } from '../paper-id.ts';
import { describePaper, toPaperOutput } from '../paper-output.ts';
import { ARXIV } from '../upstream.ts';
import type { ArxivContext } from './context.ts';
import { idInput } from './schemas.ts';

const inputSchema = z.object({
  id: idInput,
  offset: z
    .int()
    .min(0)
    .max(100_000_000)
    .default(0)
    .describe('First character to read; next_offset of the last answer'),
  max_chars: z.int().min(200).max(20_000).default(12_000).describe('Most characters to read; default 12000'),
});

const outputSchema = z.object({
  id: z.string().describe('As asked for: without a version it is the newest'),
  source: z.enum(['html', 'abstract']),
  text: z.string(),
  offset: z.int(),
  total_chars: z.int(),
  next_offset: z.int().optional().describe('Where to read on; absent at the end'),
  abs_url: z.string(),
  pdf_url: z.string(),
});

/** Offers `read_paper`. */
export function addReadPaper(server: McpServer, { client, timeoutMs }: ArxivContext): void {
  addTool(server, {
    name: 'read_paper',
    title: 'Read a paper',
    description:
      'Reads the text of a paper in pieces of up to 20,000 characters, from its HTML page on arXiv, with formulas as ' +
      'TeX and without figures. Read on from next_offset. Older papers have no such page: then it tells the abstract ' +
      '(source "abstract") and the address of the PDF.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY_WEB,
    async run({ id: asked, offset, max_chars: maxChars }, { signal }) {
      const id = parsePaperId(asked);
      const { source, text: whole } = await answerWithin(readText(client, id), {
        signal,
        timeoutMs,
        upstream: ARXIV,
      });
      const piece = sliceText(whole, { offset, maxChars });
      const { abs, pdf } = paperUrls(id);
      const note =
        source === 'abstract' ? `arXiv has no HTML page of this paper. The whole text is in ${pdf}\n\n` : '';
      const more =
        piece.nextOffset === undefined
          ? ''
          : `\n\n[Characters ${offset} to ${piece.nextOffset} of ${whole.length}. Read on with offset ${piece.nextOffset}.]`;
      return {
        structured: {
          id: formatPaperId(id),
          source,
          text: piece.text,
          offset,
          total_chars: whole.length,
          ...(piece.nextOffset !== undefined && { next_offset: piece.nextOffset }),
          abs_url: abs,
          pdf_url: pdf,
        },
        text: `${note}${piece.text}${more}`,
      };
    },
  });
}

async function readText(
  client: ArxivClient,
  id: PaperId,
): Promise<{ readonly source: 'html' | 'abstract'; readonly text: string }> {
  const text = await client.readHtml(id);
  if (text !== undefined) return { source: 'html', text };
  return { source: 'abstract', text: describePaper(toPaperOutput(await client.getPaper(id))) };
}
