import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';

/** Number of the descriptor, and length. */
const HEADER_BYTES = 5;

/** Takes apart what the relay in a container joined: a stream for each descriptor of `numbers`. */
export function splitFrames(source: Readable, numbers: readonly number[]): (number: number) => Readable {
  const streams = new Map(numbers.map((number) => [number, new PassThrough()]));
  let rest: Buffer = Buffer.alloc(0);
  source.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(1);
      if (rest.length < end) return;
      streams.get(rest.readUInt8(0))?.write(rest.subarray(HEADER_BYTES, end));
      rest = rest.subarray(end);
    }
  });
  source.once('close', () => {
    for (const stream of streams.values()) stream.end();
  });
  return (number) => {
    const stream = streams.get(number);
    if (stream === undefined) throw new Error(`there is no stream ${number}`);
    return stream;
  };
}
