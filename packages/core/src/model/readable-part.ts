import type { ContentPart } from '../tools.ts';
import { describePart } from '../tools.ts';

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;

/** Largest image or document that is sent, in characters of base64: Anthropic refuses larger images. */
const MAX_DATA_CHARS = 5 * 1024 * 1024;

/** A part of content as a model may read it: what none of them takes is described. */
export type ReadablePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly mimeType: (typeof IMAGE_TYPES)[number]; readonly data: string }
  | { readonly kind: 'pdf'; readonly name: string; readonly data: string };

/** What Anthropic's Messages and OpenAI's Responses API have in common: text, four types of images, and PDF. */
export function toReadable(part: ContentPart): ReadablePart {
  if (part.type === 'text') return { kind: 'text', text: part.text };
  if (part.data.length > MAX_DATA_CHARS) return described(part, 'too large to be shown to the model');
  if (part.type === 'file' && part.mimeType === 'application/pdf') {
    return { kind: 'pdf', name: part.name ?? 'document.pdf', data: part.data };
  }
  const mimeType = IMAGE_TYPES.find((type) => part.type === 'image' && type === part.mimeType);
  return mimeType
    ? { kind: 'image', mimeType, data: part.data }
    : described(part, 'which the model cannot read');
}

function described(part: Exclude<ContentPart, { type: 'text' }>, remark: string): ReadablePart {
  return { kind: 'text', text: describePart(part, remark) };
}
