import type { JsonObject } from '../json.ts';
import { isObject, objectsIn, stringOr, valueAt } from '../json.ts';
import { firstRefusal } from './wire.ts';
import type { Refusal } from './wire.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const PROPERTY_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;

/**
 * The rule of the Messages API that a request breaks, in the API's words, or undefined. Source: its API reference and
 * the errors that its users report. Consecutive messages of one role are one message, as there.
 */
export function anthropicRefusal(
  body: JsonObject,
  headers: Readonly<Record<string, string>>,
): Refusal | undefined {
  if (headers['anthropic-version'] === undefined) return { message: 'anthropic-version: header is required' };
  return refusalOfShape(body) ?? refusalOfTools(body) ?? refusalOfMessages(objectsIn(body['messages']));
}

function refusalOfShape(body: JsonObject): Refusal | undefined {
  const required = ['model', 'max_tokens', 'messages'].find((name) => body[name] === undefined);
  if (required !== undefined) return { message: `${required}: Field required` };
  const { max_tokens: maxTokens, messages } = body;
  if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens) || maxTokens < 1) {
    return { message: 'max_tokens: Input should be greater than or equal to 1' };
  }
  if (!Array.isArray(messages) || !messages.every(isObject)) {
    return { message: 'messages: Input should be a valid list' };
  }
  if (messages.length === 0) return { message: 'messages: at least one message is required' };
  return undefined;
}

function refusalOfTools({ tools, tool_choice: choice }: JsonObject): Refusal | undefined {
  if (tools !== undefined && !(Array.isArray(tools) && tools.every(isObject))) {
    return { message: 'tools: Input should be a valid list' };
  }
  if (choice !== undefined && !(Array.isArray(tools) && tools.length > 0)) {
    return { message: 'tool_choice: tool_choice may only be specified while providing tools' };
  }
  const names = objectsIn(tools).map(({ name }) => name);
  if (new Set(names).size < names.length) return { message: 'tools: Tool names must be unique.' };
  return firstRefusal(objectsIn(tools), (tool, index) => {
    // A tool with another type runs at Anthropic and has no schema here.
    if (tool['type'] !== undefined && tool['type'] !== null && tool['type'] !== 'custom') return undefined;
    if (!NAME.test(stringOr(tool['name'], ''))) {
      return {
        message: `tools.${index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`,
      };
    }
    return refusalOfSchema(valueAt(tool, 'input_schema'), `tools.${index}.custom.input_schema`);
  });
}

function refusalOfSchema(schema: unknown, at: string): Refusal | undefined {
  if (!isObject(schema) || schema['type'] !== 'object') {
    return { message: `${at}.type: Input should be 'object'` };
  }
  if (['oneOf', 'allOf', 'anyOf'].some((keyword) => keyword in schema)) {
    return { message: `${at}: input_schema does not support oneOf, allOf, or anyOf at the top level` };
  }
  const { properties } = schema;
  const names = isObject(properties) ? Object.keys(properties) : [];
  if (names.every((name) => PROPERTY_NAME.test(name))) return undefined;
  return { message: `${at}.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'` };
}

interface Merged {
  readonly role: unknown;
  /** Index of its first message in the request, which the API's errors name. */
  readonly index: number;
  readonly blocks: readonly JsonObject[];
}

function refusalOfMessages(messages: readonly JsonObject[]): Refusal | undefined {
  const blank = firstRefusal(messages, refusalOfContent);
  if (blank !== undefined) return blank;
  const merged = merge(messages);
  const ids = merged.flatMap(callIds);
  if (new Set(ids).size < ids.length) return { message: 'messages: `tool_use` ids must be unique' };
  if (merged.at(-1)?.role === 'assistant' && callIds(merged.at(-1)).length === 0) {
    return {
      message:
        'This model does not support assistant message prefill. The conversation must end with a user message.',
    };
  }
  return firstRefusal(merged, (message, at) => {
    return refusalOfResults(message, merged[at - 1]) ?? refusalOfCalls(message, merged[at + 1]);
  });
}

function refusalOfContent({ role, content }: JsonObject, index: number): Refusal | undefined {
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    return { message: `messages: Unexpected role "${stringOr(role, '')}".` };
  }
  if (content === '' || (Array.isArray(content) && content.length === 0)) {
    return { message: `messages.${index}: all messages must have non-empty content` };
  }
  if (typeof content !== 'string' && !(Array.isArray(content) && content.every(isObject))) {
    return { message: `messages.${index}.content: Input should be a valid list` };
  }
  const texts = blocksOf(content).flatMap(({ type, text }) => (type === 'text' ? [stringOr(text, '')] : []));
  if (texts.includes('')) return { message: 'messages: text content blocks must be non-empty' };
  if (texts.some((text) => text.trim() === '')) {
    return { message: 'messages: text content blocks must contain non-whitespace text' };
  }
  return firstRefusal(blocksOf(content), (block, at) =>
    refusalOfCall(block, `messages.${index}.content.${at}`),
  );
}

function refusalOfCall({ type, name, input }: JsonObject, at: string): Refusal | undefined {
  if (type !== 'tool_use') return undefined;
  if (!NAME.test(stringOr(name, ''))) {
    return { message: `${at}.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'` };
  }
  return isObject(input)
    ? undefined
    : { message: `${at}.tool_use.input: Input should be a valid dictionary` };
}

/** Every call is answered in the next message, before anything else that it says. */
function refusalOfCalls(message: Merged, next: Merged | undefined): Refusal | undefined {
  const blocks = next?.role === 'user' ? next.blocks : [];
  const end = blocks.findIndex(({ type }) => type !== 'tool_result');
  const answered = (end === -1 ? blocks : blocks.slice(0, end)).map(({ tool_use_id: id }) => id);
  const open = callIds(message).filter((id) => !answered.includes(id));
  if (open.length === 0) return undefined;
  return {
    message: `messages.${message.index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  };
}

function refusalOfResults(message: Merged, previous: Merged | undefined): Refusal | undefined {
  const seen = new Set<string>();
  return firstRefusal(message.blocks, (block, at) => {
    if (block['type'] !== 'tool_result') return undefined;
    const id = stringOr(block['tool_use_id'], '');
    if (seen.has(id)) {
      return {
        message: `messages.${message.index}.content.${at}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`,
      };
    }
    seen.add(id);
    if (message.role === 'user' && callIds(previous).includes(id)) return undefined;
    return {
      message: `messages.${message.index}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
    };
  });
}

function merge(messages: readonly JsonObject[]): readonly Merged[] {
  const merged: Merged[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const last = merged.at(-1);
    const blocks = blocksOf(content);
    if (last !== undefined && last.role === role) {
      merged.splice(-1, 1, { ...last, blocks: [...last.blocks, ...blocks] });
    } else {
      merged.push({ role, index, blocks });
    }
  }
  return merged;
}

function blocksOf(content: unknown): readonly JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
}

function callIds(message: Merged | undefined): readonly string[] {
  if (message?.role !== 'assistant') return [];
  return message.blocks.flatMap(({ type, id }) => (type === 'tool_use' ? [stringOr(id, '')] : []));
}
