import { PatchbayError } from './errors.ts';
import { repairHistory } from './history/repair.ts';
import { parseJsonObject } from './json.ts';
import type {
  Sample,
  SamplingAnswer,
  SamplingContent,
  SamplingMessage,
  SamplingRequest,
  SamplingToolCall,
} from './mcp/sampling.ts';
import { qualifyToolName } from './mcp/tool-name.ts';
import type { LanguageModel, Message, ModelRequest } from './model/language-model.ts';
import type { ApprovalDecision } from './run/approval.ts';
import type { ContentPart, ToolCall } from './tools.ts';

/** Most tokens that one answer may have, unless said otherwise, whatever a server asks for. */
const MAX_TOKENS = 4096;

export interface ModelSamplingOptions {
  readonly model: LanguageModel;
  /**
   * Decides about each request before anything is sent. The words are the server's, the tokens the user's: show who
   * asks and what for.
   */
  readonly approve: (
    request: SamplingRequest,
    signal: AbortSignal,
  ) => ApprovalDecision | Promise<ApprovalDecision>;
  /** Most tokens that one answer may have, whatever a server asks for: 4096 unless said. */
  readonly maxTokens?: number;
}

/**
 * Answers servers by a model, once the request is approved. A server's tools are offered to the model and its calls
 * handed back; nothing is run here. A temperature and wishes for other models are not heard.
 */
export function sampleWithModel({ model, approve, maxTokens = MAX_TOKENS }: ModelSamplingOptions): Sample {
  return async (request, signal) => {
    const decision = await approve(request, signal);
    if (!decision.allow) return { action: 'refuse', reason: decision.reason };
    const limit = Math.min(request.maxTokens, maxTokens);
    const written = await collect(model, { ...toModelRequest(request), maxOutputTokens: limit }, signal);
    const toolCalls = written.calls.map((call) => toServerCall(call, request));
    if (request.toolChoice === 'required' && toolCalls.length === 0) {
      throw new PatchbayError('MODEL_FAILED', `${model.label} called no tool, which the server requires`);
    }
    const stop = firstStop(written.text, request.stopSequences);
    const text = written.text.slice(0, stop);
    const stopped = stop === undefined ? written.stopped : ({ stopReason: 'stopSequence' } as const);
    return { action: 'answer', model: model.id, text, toolCalls, ...stopped };
  };
}

interface Written {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** Why it stopped, where it was not by itself. */
  readonly stopped: Pick<Extract<SamplingAnswer, { action: 'answer' }>, 'stopReason'>;
}

async function collect(model: LanguageModel, request: ModelRequest, signal: AbortSignal): Promise<Written> {
  let text = '';
  const calls: ToolCall[] = [];
  let stopped: Written['stopped'] = {};
  for await (const event of model.stream(request, signal)) {
    if (event.type === 'text-delta') text += event.text;
    if (event.type === 'tool-call') calls.push(event.call);
    if (event.type === 'answer-cut') stopped = { stopReason: 'maxTokens' };
  }
  return { text, calls, stopped };
}

function toModelRequest(request: SamplingRequest): ModelRequest {
  const { server, systemPrompt, messages, tools, toolChoice } = request;
  const names = new Map<string, string>();
  return {
    ...systemOf(systemPrompt, toolChoice),
    // A server may hand over any order of calls and results; no provider takes every one.
    messages: repairHistory(messages.flatMap((message) => toMessages(message, server, names))),
    tools: tools.map(({ name, description, inputSchema }) => ({
      name: qualifyToolName(server, name),
      server,
      tool: name,
      inputSchema,
      ...(description === undefined ? {} : { description }),
    })),
    ...(toolChoice === 'none' ? { toolChoice } : {}),
  };
}

function systemOf(
  systemPrompt: string | undefined,
  toolChoice: SamplingRequest['toolChoice'],
): Pick<ModelRequest, 'system'> {
  const required = toolChoice === 'required' ? ['Answer by calling at least one of the tools.'] : [];
  const system = [...(systemPrompt === undefined ? [] : [systemPrompt]), ...required].join('\n\n');
  return system === '' ? {} : { system };
}

function toMessages(
  { role, content }: SamplingMessage,
  server: string,
  names: Map<string, string>,
): Message[] {
  const said = content.filter(isPart);
  if (role === 'assistant') {
    const toolCalls = content.flatMap((part) => (part.type === 'tool-call' ? [toCall(part, server)] : []));
    for (const { id, name } of toolCalls) names.set(id, name);
    const text = said.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
    return [{ role, text, toolCalls }];
  }
  const results = content.flatMap((part) => {
    if (part.type !== 'tool-result') return [];
    const { callId, content: parts, isError } = part;
    return [{ callId, name: names.get(callId) ?? '', content: parts, isError }];
  });
  const answered: Message[] = results.length > 0 ? [{ role: 'tool', results }] : [];
  return said.length > 0 ? [...answered, { role, content: said }] : answered;
}

function isPart(content: SamplingContent): content is ContentPart {
  return content.type === 'text' || content.type === 'image';
}

function toCall({ id, name, args }: SamplingToolCall, server: string): ToolCall {
  return { id, name: qualifyToolName(server, name), argumentsJson: JSON.stringify(args) };
}

/** The model's call under the server's own name for its tool. */
function toServerCall(call: ToolCall, { server, tools }: SamplingRequest): SamplingToolCall {
  const tool = tools.find(({ name }) => qualifyToolName(server, name) === call.name);
  const args = parseJsonObject(call.argumentsJson === '' ? '{}' : call.argumentsJson);
  if (tool && args) return { id: call.id, name: tool.name, args };
  const problem = tool ? 'with arguments that are no JSON object' : 'which the server does not have';
  throw new PatchbayError('MODEL_FAILED', `The model called "${call.name}" ${problem}`);
}

function firstStop(text: string, stops: readonly string[]): number | undefined {
  const found = stops.map((stop) => (stop === '' ? -1 : text.indexOf(stop))).filter((index) => index >= 0);
  return found.length > 0 ? Math.min(...found) : undefined;
}
