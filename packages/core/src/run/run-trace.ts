import { PatchbayError } from '../errors.ts';
import type { LanguageModel, ModelEvent } from '../model/language-model.ts';
import type { ToolDefinition, ToolOutcome } from '../tools.ts';
import type { Trace } from '../tracing.ts';
import { uptimeMs } from '../uptime.ts';
import type { Usage } from '../usage.ts';

/*
 * Names and attributes are those of OpenTelemetry's semantic conventions for generative AI (in development, 2026-10).
 * What is said is never recorded: neither messages nor arguments nor results.
 */

/** Providers by the names that the conventions have for them, where these are others than ours. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  gemini: 'gcp.gemini',
  mistral: 'mistral_ai',
};

export function beginRun(trace: Trace, model: LanguageModel): Trace {
  return trace.begin('invoke_agent patchbay', {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'patchbay',
    ...modelAttributes(model),
  });
}

/** A model's request is one operation, however often it is made again: each time is an event of it. */
export async function* traceRequest(
  trace: Trace,
  model: LanguageModel,
  events: () => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent> {
  const attributes = modelAttributes(model);
  const request = trace.begin(
    `chat ${attributes['gen_ai.request.model']}`,
    { 'gen_ai.operation.name': 'chat', 'gen_ai.request.stream': true, ...attributes },
    'client',
  );
  const startedAt = uptimeMs();
  let hasBegun = false;
  try {
    for await (const event of request.within(request.run(events))) {
      if (event.type === 'usage') request.set(usageAttributes(event.usage));
      if (event.type === 'retry') request.note('retry', { attempt: event.attempt, reason: event.reason });
      if (!hasBegun && (event.type === 'text-delta' || event.type === 'tool-call')) {
        hasBegun = true;
        const seconds = (uptimeMs() - startedAt) / 1000;
        request.set({ 'gen_ai.response.time_to_first_chunk': seconds });
      }
      yield event;
    }
  } catch (error) {
    failed(request, error);
    throw error;
  } finally {
    request.end();
  }
}

export interface TracedCall {
  readonly callId: string;
  readonly tool: ToolDefinition;
}

/** Where the tool is behind MCP, the client adds what it knows of that, and no operation of its own. */
export async function traceCall(
  trace: Trace,
  { callId, tool }: TracedCall,
  call: () => Promise<ToolOutcome>,
): Promise<ToolOutcome> {
  const execution = trace.begin(
    `execute_tool ${tool.name}`,
    {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool.name,
      'gen_ai.tool.type': 'function',
      'gen_ai.tool.call.id': callId,
      'patchbay.server': tool.server,
    },
    'tool-call',
  );
  try {
    const outcome = await execution.run(call);
    if (outcome.isError) execution.fail('tool_error');
    return outcome;
  } catch (error) {
    failed(execution, error);
    throw error;
  } finally {
    execution.end();
  }
}

export function usageAttributes(usage: Usage): Record<string, number> {
  const { inputTokens, outputTokens, cachedInputTokens: cached, cacheWriteTokens: written, cost } = usage;
  return {
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    ...(cached === undefined ? {} : { 'gen_ai.usage.cache_read.input_tokens': cached }),
    ...(written === undefined ? {} : { 'gen_ai.usage.cache_creation.input_tokens': written }),
    ...(cost === undefined ? {} : { 'patchbay.cost': cost }),
  };
}

export function failed(trace: Trace, error: unknown): void {
  if (error instanceof PatchbayError) trace.fail(error.code, error.message);
  else if (error instanceof Error) trace.fail(error.name, error.message);
  else trace.fail('_OTHER');
}

function modelAttributes({
  id,
}: LanguageModel): Record<'gen_ai.provider.name' | 'gen_ai.request.model', string> {
  const slash = id.indexOf('/');
  const provider = id.slice(0, Math.max(slash, 0));
  return {
    'gen_ai.provider.name': PROVIDER_NAMES[provider] ?? provider,
    'gen_ai.request.model': id.slice(slash + 1),
  };
}
