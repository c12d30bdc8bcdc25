import { errorMessage } from '../errors.ts';
import { parseJsonObject } from '../json.ts';
import type { JsonSchema, ToolCall, ToolDefinition } from '../tools.ts';
import type { LanguageModel, Message, ModelEvent, ModelRequest } from './language-model.ts';
import { refusedTool } from './refused-tool.ts';
import type { SchemaDialect } from './schema/dialects.ts';
import type { RewrittenSchema } from './schema/rewrite-schema.ts';
import { rewriteSchema } from './schema/rewrite-schema.ts';

/**
 * Gives a provider the tools' schemas in its own dialect, and gives the arguments back in that of the tool, so that
 * nobody else has to know. A tool that the provider cannot be given, or refuses, is left out with a `tool-left-out`
 * event, once; the request goes on without it.
 */
export function fittingTools(inner: LanguageModel, dialect: SchemaDialect): LanguageModel {
  const rewritings = new WeakMap<JsonSchema, RewrittenSchema>();
  const leftOut = new WeakMap<ToolDefinition, string>();

  function rewritingOf({ inputSchema }: ToolDefinition): RewrittenSchema {
    const known = rewritings.get(inputSchema);
    if (known) return known;
    const rewriting = rewriteSchema(inputSchema, dialect);
    rewritings.set(inputSchema, rewriting);
    return rewriting;
  }

  function* sorted(tools: readonly ToolDefinition[]): Generator<ModelEvent, Fitted[]> {
    const fitted: Fitted[] = [];
    for (const tool of tools) {
      if (leftOut.has(tool)) continue;
      const rewriting = rewritingOf(tool);
      if (rewriting.kind === 'rewritten') fitted.push({ tool, codec: rewriting.codec });
      else yield leave(tool, rewriting.reason);
    }
    return fitted;
  }

  function leave(tool: ToolDefinition, reason: string): ModelEvent {
    leftOut.set(tool, reason);
    return { type: 'tool-left-out', tool: tool.name, reason };
  }

  return {
    id: inner.id,
    label: inner.label,
    async *stream(request, signal): AsyncGenerator<ModelEvent> {
      // Each round that fails leaves one tool out, so that there is an end to them.
      for (;;) {
        const fitted = yield* sorted(request.tools);
        let hasBegun = false;
        try {
          for await (const event of inner.stream(toWire(request, fitted), signal)) {
            hasBegun ||= event.type !== 'retry';
            yield event.type === 'tool-call' ? { ...event, call: fromWire(event.call, fitted) } : event;
          }
          return;
        } catch (error) {
          const refused = hasBegun
            ? undefined
            : refusedTool(
                error,
                fitted.map(({ tool }) => tool),
              );
          if (!refused) throw error;
          yield leave(refused, `${inner.label} refuses it: ${errorMessage(error)}`);
        }
      }
    },
  };
}

/** A tool that is sent, and the form in which it is. */
interface Fitted {
  readonly tool: ToolDefinition;
  readonly codec: Extract<RewrittenSchema, { kind: 'rewritten' }>['codec'];
}

/** What was called before is told in the form in which it would be called now. */
function toWire(request: ModelRequest, fitted: readonly Fitted[]): ModelRequest {
  const tools = fitted.map(({ tool, codec }) =>
    codec.schema === tool.inputSchema ? tool : { ...tool, inputSchema: codec.schema },
  );
  if (fitted.every(({ codec }) => codec.isPlain)) return { ...request, tools };
  const messages = request.messages.map((message): Message =>
    message.role === 'assistant'
      ? { ...message, toolCalls: message.toolCalls.map((call) => translated(call, fitted, 'encode')) }
      : message,
  );
  return { ...request, tools, messages };
}

function fromWire(call: ToolCall, fitted: readonly Fitted[]): ToolCall {
  return translated(call, fitted, 'decode');
}

/** What is no JSON object stays as it was written: the loop says so to the model. */
function translated(call: ToolCall, fitted: readonly Fitted[], direction: 'encode' | 'decode'): ToolCall {
  const codec = fitted.find(({ tool }) => tool.name === call.name)?.codec;
  if (!codec || codec.isPlain) return call;
  const args = parseJsonObject(call.argumentsJson.trim() || '{}');
  return args ? { ...call, argumentsJson: JSON.stringify(codec[direction](args)) } : call;
}
