import { addTool, READ_ONLY_WEB } from '@patchbay/server-kit';
import { answerWithin } from '@patchbay/server-kit/http-client';
import type { McpServer } from '@modelcontextprotocol/server';
import { describePaper, paperSchema, toPaperOutput } from '../paper-output.ts';
import { parsePaperId } from '../paper-id.ts';
import { ARXIV } from '../upstream.ts';
import type { ArxivContext } from './context.ts';
import * as z from 'zod';
import { idInput } from './schemas.ts';

const inputSchema = z.object({ id: idInput });

/** Offers `get_paper`. */
export function addGetPaper(server: McpServer, { client, timeoutMs }: ArxivContext): void {
  addTool(server, {
    name: 'get_paper',
    title: 'Look a paper up',
    description:
      'Tells what arXiv knows of one paper: title, authors (the first 50), whole abstract, subjects, dates, version, ' +
      'journal, DOI and addresses. Not its text: read_paper reads that.',
    input: inputSchema,
    output: paperSchema,
    hints: READ_ONLY_WEB,
    async run({ id }, { signal }) {
      const paper = await answerWithin(client.getPaper(parsePaperId(id)), {
        signal,
        timeoutMs,
        upstream: ARXIV,
      });
      const structured = toPaperOutput(paper);
      return { structured, text: describePaper(structured) };
    },
  });
}
