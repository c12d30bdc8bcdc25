import { parseJsonObject } from '../json.ts';
import type { ToolCall, ToolDefinition } from '../tools.ts';
import { findJsonObjects } from './json-in-text.ts';
import type { LanguageModel, Message, ModelEvent } from './language-model.ts';

/**
 * Gives tool calling to a model that has none: describes the tools in the system prompt and reads a JSON object out
 * of the answer. The wrapped model never sees a tool or a tool message.
 */
export function promptedTools(inner: LanguageModel): LanguageModel {
  return {
    id: inner.id,
    label: `${inner.label} (prompted tools)`,
    async *stream(request, signal): AsyncGenerator<ModelEvent> {
      const tools = request.toolChoice === 'none' ? [] : request.tools;
      const system = [request.system, describe(tools)].filter(Boolean).join('\n\n');
      const messages = request.messages.map(flatten);
      let text = '';
      let isCut = false;
      // The text is held back until it is complete: its first brace may begin a call.
      for await (const event of inner.stream(
        { system, messages, tools: [], maxOutputTokens: request.maxOutputTokens },
        signal,
      )) {
        if (event.type === 'text-delta') text += event.text;
        else if (event.type === 'answer-cut') isCut = true;
        else yield event;
      }
      const { prose, calls } = tools.length > 0 ? readAnswer(text, tools) : { prose: text, calls: [] };
      if (prose !== '') yield { type: 'text-delta', text: prose };
      for (const call of calls) yield { type: 'tool-call', call };
      if (isCut) yield { type: 'answer-cut' };
    },
  };
}

function describe(tools: readonly ToolDefinition[]): string {
  if (tools.length === 0) return '';
  const list = tools.map(({ name, description, inputSchema }) =>
    JSON.stringify({ name, description, parameters: inputSchema }),
  );
  return [
    'You can use the tools listed below. To use one, answer with one JSON object and nothing else:',
    '{"tool": "<name>", "arguments": {…}}',
    'You then get its result and can go on. When you need no tool, answer in plain text.',
    'Tools:',
    ...list,
  ].join('\n');
}

function readAnswer(text: string, tools: readonly ToolDefinition[]): { prose: string; calls: ToolCall[] } {
  const calls: ToolCall[] = [];
  let prose = text;
  for (const { source, value } of findJsonObjects(text)) {
    const call = toCall(value, calls.length);
    if (!call) continue;
    calls.push(call);
    prose = prose.replace(source, '');
  }
  const broken = calls.length === 0 ? brokenCall(text, tools) : undefined;
  if (broken) return { prose: '', calls: [broken] };
  return { prose: calls.length > 0 ? withoutEmptyFences(prose).trim() : prose, calls };
}

/**
 * What was meant for a call, but is no JSON: the loop answers that its arguments are none, and the model can mend it.
 * Only the name of a tool that there is counts, so that prose about JSON stays prose.
 */
function brokenCall(text: string, tools: readonly ToolDefinition[]): ToolCall | undefined {
  const found = /\{\s*["']?(?:tool|name)["']?\s*:\s*["']([\w-]+)["']/.exec(text);
  const name = found?.[1];
  if (!found || !tools.some((tool) => tool.name === name)) return undefined;
  return { id: 'prompted_0', name: name ?? '', argumentsJson: text.slice(found.index) };
}

/** The object under its usual spellings: `tool` or `name`, `arguments`, `args` or `parameters`. */
function toCall(value: Readonly<Record<string, unknown>>, index: number): ToolCall | undefined {
  const name = value['tool'] ?? value['name'];
  const args = value['arguments'] ?? value['args'] ?? value['parameters'];
  if (typeof name !== 'string' || (args === undefined && value['tool'] === undefined)) return undefined;
  const argumentsJson = typeof args === 'string' ? args : JSON.stringify(args ?? {});
  return { id: `prompted_${index}`, name, argumentsJson };
}

function withoutEmptyFences(text: string): string {
  return text.replaceAll(/```\w*\s*```/g, '');
}

function flatten(message: Message): Message {
  if (message.role === 'user') return message;
  if (message.role === 'assistant') {
    const calls = message.toolCalls.map(
      // A broken call is shown as it was written, so that the model sees what it has to mend.
      ({ name, argumentsJson }) =>
        parseJsonObject(argumentsJson || '{}')
          ? `{"tool": ${JSON.stringify(name)}, "arguments": ${argumentsJson || '{}'}}`
          : argumentsJson,
    );
    return { role: 'assistant', text: [message.text, ...calls].filter(Boolean).join('\n'), toolCalls: [] };
  }
  const content = message.results.flatMap(({ name, isError, content: parts }) => [
    { type: 'text' as const, text: `${isError ? 'Error' : 'Result'} of ${name}:` },
    ...parts,
  ]);
  return { role: 'user', content };
}
