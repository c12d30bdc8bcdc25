import type {
  Client,
  CreateMessageRequest,
  CreateMessageResultWithTools,
} from '@modelcontextprotocol/client';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import type { ContentPart, JsonSchema } from '../tools.ts';
import { printable } from '../untrusted-text.ts';
import { toPart } from './content.ts';
import type { Questions } from './questions.ts';

/** Longest text that a server may hand to a model in one request, all its parts together, in characters. */
const MAX_TEXT_CHARS = 200_000;

/** What the specification's example of a refused request has for a code. */
const REFUSED = -1;

export interface SamplingToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export type SamplingContent =
  | ContentPart
  | ({ readonly type: 'tool-call' } & SamplingToolCall)
  | {
      readonly type: 'tool-result';
      readonly callId: string;
      readonly content: readonly ContentPart[];
      readonly isError: boolean;
    };

export interface SamplingMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly SamplingContent[];
}

/** A tool of the server's own: it runs it itself, from the answer. Its name is unique in the request alone. */
export interface SamplingTool {
  readonly name: string;
  readonly description: string | undefined;
  readonly inputSchema: JsonSchema;
}

/** What a server wants to have written by a model. Its texts are safe to print, and at most 200,000 characters. */
export interface SamplingRequest {
  readonly server: string;
  readonly systemPrompt: string | undefined;
  readonly messages: readonly SamplingMessage[];
  readonly maxTokens: number;
  readonly temperature: number | undefined;
  readonly stopSequences: readonly string[];
  /** Names, or parts of names, of models that the server would like, best first. */
  readonly modelHints: readonly string[];
  readonly tools: readonly SamplingTool[];
  readonly toolChoice: 'auto' | 'required' | 'none';
}

export type SamplingAnswer =
  | {
      readonly action: 'answer';
      /** The model that wrote it. */
      readonly model: string;
      readonly text: string;
      /** Only where the request has tools. */
      readonly toolCalls?: readonly SamplingToolCall[];
      /** `endTurn` (`toolUse` where there are calls) unless said. */
      readonly stopReason?: 'endTurn' | 'stopSequence' | 'maxTokens' | 'toolUse';
    }
  | { readonly action: 'refuse'; readonly reason: string };

/**
 * Has a model write what a server asks for. It spends the user's tokens, on the words of a server: whoever answers
 * asks the user first. What it throws reaches the server as a failure.
 */
export type Sample = (request: SamplingRequest, signal: AbortSignal) => Promise<SamplingAnswer>;

/** Lets a server ask for a model's answer, in both eras, once its client has said that it can. */
export function serveSampling(
  client: Client,
  { server, sample, questions }: { server: string; sample: Sample; questions: Questions },
): void {
  client.setRequestHandler('sampling/createMessage', ({ params }, { mcpReq }) => {
    const request = toRequest(server, params);
    return questions.during(async () => {
      const answer = await sample(request, mcpReq.signal);
      if (answer.action === 'refuse') throw new ProtocolError(REFUSED, answer.reason);
      return toResult(answer);
    });
  });
}

function toRequest(server: string, params: CreateMessageRequest['params']): SamplingRequest {
  const texts = new BoundedTexts();
  return {
    server,
    systemPrompt: params.systemPrompt === undefined ? undefined : texts.take(params.systemPrompt),
    messages: params.messages.map(({ role, content }) => ({
      role,
      content: [content].flat().map((block) => toContent(block, texts)),
    })),
    maxTokens: params.maxTokens,
    temperature: params.temperature,
    stopSequences: params.stopSequences ?? [],
    modelHints: params.modelPreferences?.hints?.flatMap(({ name }) => (name ? [printable(name)] : [])) ?? [],
    tools: (params.tools ?? []).map(({ name, description, inputSchema }) => ({
      name,
      description: description === undefined ? undefined : texts.take(description),
      inputSchema,
    })),
    toolChoice: params.toolChoice?.mode ?? 'auto',
  };
}

type Block = Exclude<CreateMessageRequest['params']['messages'][number]['content'], readonly unknown[]>;

function toContent(block: Block, texts: BoundedTexts): SamplingContent {
  switch (block.type) {
    case 'tool_use':
      return { type: 'tool-call', id: block.id, name: block.name, args: block.input };
    case 'tool_result':
      return {
        type: 'tool-result',
        callId: block.toolUseId,
        content: block.content.map((part) => texts.takePart(toPart(part))),
        isError: block.isError === true,
      };
    case 'text':
    case 'image':
    case 'audio':
      return texts.takePart(toPart(block));
    default:
      return block satisfies never;
  }
}

/** Texts are refused whole rather than cut: a model would answer another question than the one that was asked. */
class BoundedTexts {
  #left = MAX_TEXT_CHARS;

  take(text: string): string {
    this.#left -= text.length;
    if (this.#left >= 0) return printable(text);
    const message = `The request has more than ${MAX_TEXT_CHARS} characters of text`;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
  }

  takePart(part: ContentPart): ContentPart {
    return part.type === 'text' ? { type: 'text', text: this.take(part.text) } : part;
  }
}

function toResult({
  model,
  text,
  toolCalls = [],
  stopReason = toolCalls.length > 0 ? 'toolUse' : 'endTurn',
}: Extract<SamplingAnswer, { action: 'answer' }>): CreateMessageResultWithTools {
  const said = { type: 'text', text } as const;
  const calls = toolCalls.map(({ id, name, args }) => ({
    type: 'tool_use' as const,
    id,
    name,
    input: { ...args },
  }));
  const content = calls.length === 0 ? said : [...(text === '' ? [] : [said]), ...calls];
  return { model, role: 'assistant', stopReason, content };
}
