import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventStream } from '../src/mcp/wire/event-stream.ts';

function read(text: string, cuts: readonly number[] = []): { data: string[]; stream: EventStream } {
  const data: string[] = [];
  const stream = new EventStream(1_000_000, (each) => data.push(each));
  let rest = Buffer.from(text);
  for (const cut of [...cuts, rest.length]) {
    stream.push(rest.subarray(0, cut));
    rest = rest.subarray(cut);
  }
  return { data, stream };
}

test('events come out whole however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.json(), { maxLength: 20 }), fc.array(fc.nat(20)), (texts, cuts) => {
      const lines = texts.map((text) => `event: message\r\ndata: ${text}\r\n\r\n`);
      expect(read(lines.join(''), cuts).data).toEqual(texts);
    }),
  );
});

test('what an event has besides its data is kept, and what MCP does not use is passed over', () => {
  const { data, stream } = read(
    ': hello\nid: 7\nretry: 250\ndata:\n\nevent: other\ndata: no\n\ndata: {\ndata: }\nid\n\nretry: soon\n\n',
  );
  expect(data).toEqual(['{\n}']);
  expect({ lastId: stream.lastId, retryMs: stream.retryMs }).toEqual({ lastId: '', retryMs: 250 });
});

test('an event that is too long in many short lines is one that is too long', () => {
  expect(() => read('data: x\n'.repeat(600_000))).toThrow('longer than 1000000 bytes');
});

test('a stream is taken up again when its server wants it, but not at once and not never', () => {
  const pause = (text: string): number => read(text).stream.pauseMs(0);
  expect(['retry: 0\n', 'retry: 250\n', 'retry: 999999999\n', ''].map(pause)).toEqual([
    100, 250, 60_000, 1000,
  ]);
});
