import { requestRefusal } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { toOutcome } from '../src/mcp/content.ts';
import { toMessagesBody } from '../src/model/anthropic-messages.ts';
import type { Message } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { toChatBody } from '../src/model/openai-chat.ts';
import { toResponsesBody } from '../src/model/openai-responses.ts';
import type { ContentPart } from '../src/tools.ts';

const PNG: ContentPart = { type: 'image', mimeType: 'image/png', data: 'AA==', path: '/kept/a.png' };
const PDF: ContentPart = { type: 'file', mimeType: 'application/pdf', data: 'AA==', name: 'report.pdf' };
const WAV: ContentPart = { type: 'file', mimeType: 'audio/wav', data: 'AA==' };
const HUGE: ContentPart = { type: 'image', mimeType: 'image/png', data: 'A'.repeat(6_000_000) };

function conversation(...content: ContentPart[]): Message[] {
  return [
    userMessage('go'),
    { role: 'assistant', text: ' ', toolCalls: [{ id: 'c', name: 's__plot', argumentsJson: '{}' }] },
    { role: 'tool', results: [{ callId: 'c', name: 's__plot', content, isError: false }] },
  ];
}

const messages = conversation({ type: 'text', text: 'Here.' }, PNG, PDF, WAV, HUGE);
const request = { messages, tools: [] };
const AUDIO = '[audio audio/wav, 1 B, which the model cannot read]';
const TOO_LARGE = '[image image/png, 4500 kB, too large to be shown to the model]';

test('Messages get images and documents in the result, and of the rest what it is', () => {
  const body = toMessagesBody('m', request);
  expect(requestRefusal('anthropic-messages', body)).toBeUndefined();
  expect(body.messages.slice(1)).toEqual([
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 's__plot', input: {} }] },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'c',
          is_error: false,
          content: [
            { type: 'text', text: 'Here.' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
            {
              type: 'document',
              title: 'report.pdf',
              source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' },
            },
            { type: 'text', text: AUDIO },
            { type: 'text', text: TOO_LARGE },
          ],
        },
      ],
    },
  ]);
});

test('Responses get images and files in the output, and of the rest what it is', () => {
  const body = toResponsesBody('m', request);
  expect(requestRefusal('openai-responses', body)).toBeUndefined();
  expect(body.input).toContainEqual({
    type: 'function_call_output',
    call_id: 'c',
    output: [
      { type: 'input_text', text: 'Here.' },
      { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AA==' },
      { type: 'input_file', filename: 'report.pdf', file_data: 'data:application/pdf;base64,AA==' },
      { type: 'input_text', text: AUDIO },
      { type: 'input_text', text: TOO_LARGE },
    ],
  });
});

const TEXT = [
  'Here.',
  '[image image/png, 1 B, kept in /kept/a.png]',
  '[file "report.pdf" application/pdf, 1 B]',
  '[audio audio/wav, 1 B]',
  '[image image/png, 4500 kB]',
].join('\n');

test('Chat Completions get text, and images right behind where they are taken', () => {
  const tool = { role: 'tool', tool_call_id: 'c', content: TEXT };
  const sent = toChatBody(request, { model: 'm', toolImages: 'sent' });
  expect(requestRefusal('openai-chat', sent)).toBeUndefined();
  expect(sent.messages.slice(2)).toEqual([
    tool,
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Images that s__plot gave:' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
      ],
    },
  ]);
  const described = toChatBody(request, { model: 'm', toolImages: 'described' });
  expect(described.messages.slice(2)).toEqual([tool]);
});

test('what is given as data besides is read where there is nothing else, and never twice', () => {
  const structuredContent = { rows: [1, 2] };
  const text = { type: 'text' as const, text: 'Two rows.' };
  expect(toOutcome({ content: [], structuredContent })).toEqual({
    content: [{ type: 'text', text: '{"rows":[1,2]}' }],
    structured: structuredContent,
    isError: false,
  });
  expect(toOutcome({ content: [text], structuredContent })).toEqual({
    content: [text],
    structured: structuredContent,
    isError: false,
  });
});

test('bytes of a resource are kept by what they are, and a broken character is mended', () => {
  const { content } = toOutcome({
    content: [
      { type: 'resource', resource: { uri: 'file:///a.pdf', mimeType: 'application/pdf', blob: 'AA==' } },
      { type: 'resource', resource: { uri: 'file:///a.png', mimeType: 'image/png', blob: 'AA==' } },
      { type: 'resource', resource: { uri: 'file:///a', blob: 'AA==' } },
      {
        type: 'resource_link',
        uri: 'file:///b.txt',
        name: 'b',
        mimeType: 'text/plain',
        description: 'Notes',
      },
      { type: 'text', text: 'half \ud83d' },
    ],
  });
  expect(content).toEqual([
    { type: 'file', mimeType: 'application/pdf', data: 'AA==', name: 'file:///a.pdf' },
    { type: 'image', mimeType: 'image/png', data: 'AA==' },
    { type: 'file', mimeType: 'application/octet-stream', data: 'AA==', name: 'file:///a' },
    { type: 'text', text: '[resource file:///b.txt, b, text/plain, Notes]' },
    { type: 'text', text: 'half \ufffd' },
  ]);
});
