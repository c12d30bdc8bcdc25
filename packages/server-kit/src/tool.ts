import { inspect } from 'node:util';
import type { CallToolResult, ContentBlock, McpServer, ServerContext } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import { errorMessage, ToolError } from './errors.ts';
import { log } from './log.ts';
import { parseInput } from './parse-input.ts';
import { publishedSchema } from './published-schema.ts';

/** All four MCP hints, always set: an absent hint has a default that hosts read as "may destroy". */
export interface ToolHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** Hints of a tool that reads and computes within this machine. */
export const READ_ONLY: ToolHints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** Hints of a tool that reads from a service on the web. */
export const READ_ONLY_WEB: ToolHints = { ...READ_ONLY, openWorldHint: true };

/** How far a call is: `done` of `total` steps, of whatever size. */
export interface Progress {
  readonly done: number;
  readonly total?: number;
  readonly message?: string;
}

export interface ToolContext {
  /** Aborted when the client cancels the call. */
  readonly signal: AbortSignal;
  /** Tells the client how far the call is, if it asked for that. `done` only ever grows. */
  readonly progress: (step: Progress) => void;
}

/** What a tool answers: data for programs, one text for the model, and what goes along (images, links). */
export interface ToolAnswer<Output> {
  readonly structured: Output;
  readonly text: string;
  readonly attachments?: readonly ContentBlock[];
}

export interface ToolSpec<Input extends z.ZodObject, Output extends z.ZodObject> {
  /** At most 24 characters of `[a-z0-9_]`, so that hosts can put a server's name in front. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly hints: ToolHints;
  run(
    input: z.infer<Input>,
    context: ToolContext,
  ): ToolAnswer<z.infer<Output>> | Promise<ToolAnswer<z.infer<Output>>>;
}

/**
 * Offers one tool on `server`. A {@link ToolError} becomes an error result that the model reads, with its code and
 * hint, and so do arguments that `input` refuses, as `INVALID_INPUT`: among them names that it does not have, and any text
 * with a NUL or half a character, which no service, file or database takes as it is. Anything else that is thrown, and an answer
 * that `output` refuses, is an `INTERNAL` error result with its stack on stderr.
 */
export function addTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  server: McpServer,
  spec: ToolSpec<Input, Output>,
): void {
  const { name, title, description, input, output, hints } = spec;
  // Checked once, here, so that a refusal has a code as every other error has, a schema may transform what it checks,
  // and a large answer is not gone through twice.
  const inputSchema = publishedSchema(input);
  const outputSchema = publishedSchema(output);
  server.registerTool(
    name,
    { title, description, inputSchema, outputSchema, annotations: hints },
    async (args, context): Promise<CallToolResult> => {
      const start = performance.now();
      const tell = (outcome: string): void =>
        log.debug(`${name} ${outcome} after ${Math.round(performance.now() - start)} ms`);
      try {
        const { signal } = context.mcpReq;
        const answer = await spec.run(parseInput(input, args), { signal, progress: progressOf(context) });
        tell('answered');
        return {
          content: [{ type: 'text', text: answer.text }, ...(answer.attachments ?? [])],
          // Parsed, because clients refuse a property that the published schema does not name.
          structuredContent: output.parse(answer.structured),
        };
      } catch (error) {
        tell(`failed (${error instanceof ToolError ? error.code : 'INTERNAL'})`);
        return toErrorResult(name, error);
      }
    },
  );
}

function progressOf({ mcpReq }: ServerContext): ToolContext['progress'] {
  const { _meta: meta } = mcpReq;
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  return ({ done, ...step }) => {
    const params = { progressToken, progress: done, ...step };
    mcpReq.notify({ method: 'notifications/progress', params }).catch((error: unknown) => {
      log.debug(`progress was not told: ${errorMessage(error)}`);
    });
  };
}

/** For programs, which get a hint each time; a model sees that it has to change something. */
const RETRY_HINT = 'Correct the arguments and call again.';
const INTERNAL_HINT = 'This is a mistake of the server, whose log has the details.';

function toErrorResult(tool: string, error: unknown): CallToolResult {
  const known = error instanceof ToolError ? error : undefined;
  if (!known) log.error(`${tool}: ${inspect(error)}`);
  const code = known?.code ?? 'INTERNAL';
  const message = errorMessage(error);
  const text = `${code}: ${message}${known?.hint === undefined ? '' : `\n${known.hint}`}`;
  return {
    isError: true,
    content: [{ type: 'text', text }],
    _meta: { 'patchbay/error': { code, message, hint: known ? (known.hint ?? RETRY_HINT) : INTERNAL_HINT } },
  };
}
