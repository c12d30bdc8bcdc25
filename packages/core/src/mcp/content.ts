import type { ContentBlock } from '@modelcontextprotocol/client';
import { isRecord } from '../json.ts';
import type { ContentPart, ToolOutcome } from '../tools.ts';
import { bounded, printable } from '../untrusted-text.ts';
import type { Fields } from './wire/wire.ts';

/** Longest text of one content block that is kept, in characters. How much of it a model reads is decided above. */
const MAX_TEXT_CHARS = 8 * 1024 * 1024;

/**
 * A server's answer as its content says it. What it gives as data besides is the same answer once more, which no model is
 * to pay for twice: a model reads it only where there is no content.
 *
 * @throws {Error} when there is no list of content.
 */
export function toOutcome({ content = [], structuredContent: structured, isError }: Fields): ToolOutcome {
  if (!Array.isArray(content))
    throw new Error('The answer is not the result of a tool: its content is no list');
  const parts = content.map((block) => (isBlock(block) ? toPart(block) : text(UNREADABLE)));
  return {
    content: parts.length > 0 ? parts : [text(structured === undefined ? EMPTY : JSON.stringify(structured))],
    structured,
    isError: isError === true,
  };
}

/** One block of content. What is not text is kept as it is: what a model can read of it is for the provider to say. */
export function toPart(block: ContentBlock): ContentPart {
  switch (block.type) {
    case 'text':
      return text(block.text);
    case 'image':
      return { type: 'image', mimeType: block.mimeType, data: block.data };
    case 'audio':
      return { type: 'file', mimeType: block.mimeType, data: block.data };
    case 'resource':
      return resource(block.resource);
    case 'resource_link':
      return text(linkText(block));
    default:
      return block satisfies never;
  }
}

const UNREADABLE = '(content that is not as it should be)';
const EMPTY = '(empty result: the tool finished and returned no content)';

function resource(contents: Extract<ContentBlock, { type: 'resource' }>['resource']): ContentPart {
  if ('text' in contents) return text(contents.text);
  const { uri: name, mimeType = 'application/octet-stream', blob: data } = contents;
  return mimeType.startsWith('image/')
    ? { type: 'image', mimeType, data }
    : { type: 'file', mimeType, data, name: printable(name) };
}

/** The content behind a link is not part of the answer: the model is told where it is and what it is said to be. */
function linkText({
  uri,
  name,
  mimeType,
  description,
}: Extract<ContentBlock, { type: 'resource_link' }>): string {
  const facts = [uri, name, mimeType, description].filter((fact) => fact !== undefined && fact !== '');
  return `[resource ${[...new Set(facts)].join(', ')}]`;
}

function text(value: string): ContentPart {
  // A broken character, which JSON can hold, has a provider refuse the whole conversation.
  return { type: 'text', text: bounded(value.toWellFormed(), MAX_TEXT_CHARS) };
}

/** Whether a block has what its kind has to have. */
function isBlock(value: unknown): value is ContentBlock {
  if (!isRecord(value)) return false;
  if (value['type'] === 'text') return typeof value['text'] === 'string';
  const has = (...keys: string[]): boolean => keys.every((key) => typeof value[key] === 'string');
  switch (value['type']) {
    case 'image':
    case 'audio':
      return has('mimeType', 'data');
    case 'resource':
      return isRecord(value['resource']) && isContents(value['resource']);
    case 'resource_link':
      return has('uri');
    default:
      return false;
  }
}

function isContents({ uri, text: said, blob }: Fields): boolean {
  return typeof uri === 'string' && (typeof said === 'string' || typeof blob === 'string');
}
