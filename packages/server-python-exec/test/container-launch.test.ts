import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { splitFrames } from '../src/container/frames.ts';
import { containerArguments } from '../src/container/launch-container.ts';

const frame = (number: number, content: string): Buffer => {
  const header = Buffer.alloc(5);
  header.writeUInt8(number, 0);
  header.writeUInt32BE(Buffer.byteLength(content), 1);
  return Buffer.concat([header, Buffer.from(content)]);
};

test.for([1, 3, 7, 1000])('frames are told apart, %i bytes at a time', async (step) => {
  const source = new PassThrough();
  const stream = splitFrames(source, [1, 2, 3]);
  const all = Buffer.concat([
    frame(1, 'out '),
    frame(3, '{}\n'),
    frame(9, 'nobody'),
    frame(2, ''),
    frame(1, 'püt'),
  ]);
  for (let at = 0; at < all.length; at += step) source.write(all.subarray(at, at + step));
  source.end();
  expect(await Promise.all([1, 2, 3].map((number) => text(stream(number))))).toEqual(['out püt', '', '{}\n']);
});

test.for([
  ['read', ',readonly'],
  ['write', ''],
] as const)('a container that may %s bytecode has its folder mounted for that', ([access, end]) => {
  const options = { cliPath: 'docker', image: 'i', workspace: '/w', memoryMb: 512, user: '0:0' };
  const args = containerArguments({ ...options, bytecode: { folder: '/b', access } }, 'patchbay-x');
  expect(args.filter((arg) => arg.includes('source=/b,'))).toEqual([
    `type=bind,source=/b,target=/run/patchbay-bytecode${end}`,
  ]);
});

test('a container gets the workspace, and no network, rights, images or processes beyond its own', () => {
  const options = {
    cliPath: 'docker',
    image: 'python:3.13-slim',
    workspace: '/w s',
    memoryMb: 512,
    user: '7:8',
  };
  const args = containerArguments(options, 'patchbay-x');
  const valueOf = (flag: string): readonly string[] =>
    args.flatMap((arg, index) => (arg === flag ? [args[index + 1] ?? ''] : []));
  expect(args[0]).toBe('run');
  expect(args.at(-1)).toBe('python:3.13-slim');
  expect(args).toEqual(expect.arrayContaining(['--rm', '--read-only', '--interactive']));
  expect({
    network: valueOf('--network'),
    capabilities: valueOf('--cap-drop'),
    privileges: valueOf('--security-opt'),
    pull: valueOf('--pull'),
    user: valueOf('--user'),
    memory: [...valueOf('--memory'), ...valueOf('--memory-swap')],
    threads: valueOf('--pids-limit'),
    mounts: valueOf('--mount').map((mount) => mount.replace(/source=.*?(?=patchbay_guest,)/, 'source=')),
  }).toEqual({
    network: ['none'],
    capabilities: ['ALL'],
    privileges: ['no-new-privileges'],
    pull: ['never'],
    user: ['7:8'],
    memory: ['640m', '640m'],
    threads: ['128'],
    mounts: [
      'type=bind,source=/w s,target=/workspace',
      'type=bind,source=patchbay_guest,target=/run/patchbay/patchbay_guest,readonly',
    ],
  });
});
