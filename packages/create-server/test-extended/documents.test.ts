import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Respond } from '@patchbay/testing';
import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { cloneRepository } from './clone.ts';
import { runDocument } from './run-document.ts';

test('docs/adding-a-server.md leads to a server that works', async () => {
  await using clone = await cloneRepository();
  expect(await runDocument('adding-a-server.md', { clone })).toBeGreaterThan(5);
});

test('docs/adding-a-model.md leads to models that work', async () => {
  await using provider = await startFakeProvider(multiplier);
  await using clone = await cloneRepository();
  // As in a project that has installed the package.
  await mkdir(join(clone.folder, 'node_modules/@patchbay'), { recursive: true });
  await symlink(join(clone.folder, 'packages/core'), join(clone.folder, 'node_modules/@patchbay/core'));
  await runDocument('adding-a-model.md', {
    clone,
    adapt: (text) => text.replaceAll('http://127.0.0.1:8000', provider.url),
  });
  await clone.shell('npm run -s typecheck');
  expect(provider.problems).toEqual([]);
  expect(new Set(provider.requests.map(({ model }) => model))).toEqual(new Set(['my-model', 'large']));
});

/** Calls a tool for a product, found by its name as all of them are too many to be listed, and says what it was told. */
const multiplier: Respond = ({ messages, tools }) => {
  const last = messages.at(-1);
  if (last?.role === 'tool') return { kind: 'answer', text: last.text };
  const call = tools.find(({ name }) => name === 'patchbay__call_tool');
  if (!call || last?.text.includes('Multiply') !== true) return { kind: 'answer', text: 'hello' };
  const args = { name: 'math__multiply', arguments: { a: 17, b: 23 } };
  return { kind: 'answer', toolCalls: [{ name: call.name, args }] };
};
