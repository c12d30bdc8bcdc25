// What goes wrong with keys and configurations for those who are new to it, and what they are told to do.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProject, math } from './support/cli.ts';
import type { ExpectedFailure } from './support/failure.ts';
import { failureOf, told } from './support/failure.ts';

test('no key at all: the planner answers, says what it is, and how to have a real model', async () => {
  await using project = await createProject({ math });
  const { code, stdout, stderr } = await project.patchbay(['-p', 'Multiply 17 by 23.']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '17 × 23 = 391.\n' });
  expect(stderr).toMatch(/No API key set: using the offline planner .*not an AI model.*OPENAI_API_KEY=/);
});

test('a .env that Windows PowerShell wrote is read', async () => {
  await using project = await createProject({});
  await writeFile(join(project.folder, '.env'), Buffer.from('\uFEFFPATCHBAY_MODEL=nobody/x\r\n', 'utf16le'));
  const { stderr } = await project.patchbay(['-p', 'x']);
  expect(stderr).toContain('"nobody/x" names no provider that is known');
});

test('a key in a .env of another folder is pointed out', async () => {
  await using project = await createProject({});
  const other = join(project.folder, 'other');
  await mkdir(other);
  await writeFile(join(other, '.env'), 'OPENAI_API_KEY=k\n');
  await writeFile(join(other, 'mcp.json'), JSON.stringify({ mcpServers: { math } }));
  const { code, stderr } = await project.patchbay(['-p', 'Add 1 and 2.', '--config', 'other/mcp.json']);
  expect(code).toBe(0);
  expect(stderr).toMatch(/other\/\.env is not read: settings come from \.env in /);
});

const rows: readonly (Omit<ExpectedFailure, 'args' | 'exitCode' | 'code'> & { readonly text: string })[] = [
  {
    name: 'a comma is missing',
    text: '{"mcpServers": {\n  "a": {"command": "x"}\n  "b": {}}}',
    says: /✗ mcp\.json:3:3: comma expected\n {4}"b": \{\}\}\}\n {4}\^\n {2}→ Comments and trailing commas are fine; quotes must be double\./,
  },
  {
    name: 'the wrong key',
    text: '{"servers": {}}',
    says: /✗ mcp\.json has no "mcpServers"\n {2}→ Did you mean "mcpServers" instead of "servers"\?/,
  },
  {
    name: 'a name twice',
    text: '{"mcpServers": {\n"sql": {"command": "x"},\n"sql": {"command": "y"}}}',
    says: /✗ mcp\.json:3:1: "sql" is defined twice, first at mcp\.json:2:1\n {2}→ Rename or remove one/,
  },
];
test.concurrent.for(rows)('$name', async ({ text, says }) => {
  await using project = await createProject({}, { 'mcp.json': text });
  const failure = await failureOf(project, { args: ['-p', 'x'] });
  expect(failure).toEqual(told({ exitCode: 2, code: 'CONFIG_INVALID', says }));
});

test('no servers: said at once, and no error', async () => {
  await using project = await createProject({});
  const { code, stderr } = await project.patchbay(['-p', 'x']);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /No servers in mcp\.json, so the model has no tools\. Add one: patchbay server add math/,
  );
});
