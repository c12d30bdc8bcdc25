// What programs read: every line of real streams is held against the schema that is published with this package.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { documentedError, startFakeProvider } from '@patchbay/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventJson } from '../src/render/json.ts';
import { createProject, math } from './support/cli.ts';
import type { Project } from './support/cli.ts';

const schema = JSON.parse(
  await readFile(new URL(import.meta.resolve('@patchbay/cli/schema/stream-json.schema.json')), 'utf8'),
);
const ajv = new Ajv2020({ allErrors: true, strict: true, schemas: [{ ...schema, $id: 'stream' }] });

const fixture = fileURLToPath(new URL('../../core/test/fixtures/good-server.ts', import.meta.url));
const good = { command: process.execPath, args: ['--conditions=@patchbay/source', fixture], trusted: true };
const broken = { command: 'no-such-command-anywhere' };

/** What the schema finds wrong with a value, by the part of it that `value` should be. */
function problemsOf(value: unknown, part: string): readonly unknown[] {
  const validate = ajv.getSchema(`stream#/$defs/${part}`);
  if (!validate) throw new Error(`The schema has no ${part}`);
  void validate(value);
  return validate.errors ?? [];
}

/** The types of a stream's lines, each of which has to be as its part of the schema says. */
function typesOf(stdout: string): string[] {
  const lines: { type: string }[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const line of lines) {
    expect({ line, problems: problemsOf(line, `event-${line.type}`) }).toEqual({ line, problems: [] });
    expect(problemsOf(line, 'event')).toEqual([]);
  }
  return lines.map(({ type }) => type);
}

let project: Project;
beforeAll(async () => {
  project = await createProject({ math, good, broken });
});
afterAll(() => project[Symbol.asyncDispose]());

test('every event that there is comes as the schema says, and the schema describes no other', async () => {
  await using provider = await startFakeProvider((request) => {
    if (request.model === 'busy') return documentedError(request, 'rate-limited', { retryAfterSeconds: 0 });
    const { body } = request;
    if (body['tool_choice'] === 'none' || body['tools'] === undefined)
      return { kind: 'answer', text: 'This far.' };
    const calls = [
      { name: 'math__add', args: { a: 1, b: 2 } },
      { name: 'good__add', args: { a: 1, b: 2 } },
      { name: 'good__steps', args: { count: 2, everyMs: 20 } },
      { name: 'good__mixed', args: {} },
      { name: 'math__divide', args: { a: 1, b: 0 } },
      { name: 'nope', args: {} },
      { name: 'math__add', args: { a: 'one' } },
    ];
    return { kind: 'answer', text: 'I call.', toolCalls: calls };
  });
  const ask = (model: string) =>
    project.patchbay(
      ['-p', 'x', '--yes', '--max-turns', '2', '--model', `openai/${model}`, '--stream-json'],
      {
        env: provider.openAiEnv,
      },
    );
  const [answered, failed] = await Promise.all([ask('m'), ask('busy')]);
  expect([answered.code, failed.code]).toEqual([6, 1]);
  const leftOut = eventJson({ type: 'tool-left-out', tool: 'a__b', reason: 'it takes no object' });
  const cut = eventJson({ type: 'answer-cut' });
  const types = typesOf(
    [answered.stdout.trimEnd(), failed.stdout.trimEnd(), JSON.stringify(leftOut), JSON.stringify(cut)].join(
      '\n',
    ),
  );
  const described = Object.keys(schema.$defs).flatMap((name) => name.split(/^event-/)[1] ?? []);
  expect([...new Set(types)].toSorted()).toEqual(described.toSorted());
});

test('--json prints the summary of an answer, or the error', async () => {
  const [answered, failed] = await Promise.all([
    project.patchbay(['-p', 'Multiply 17 by 23.', '--json']),
    project.patchbay(['-p', 'x', '--model', 'openai/m', '--json']),
  ]);
  expect(problemsOf(JSON.parse(answered.stdout), 'json')).toEqual([]);
  expect(problemsOf(JSON.parse(failed.stdout), 'json')).toEqual([]);
});

test('what the schema does not describe is not taken', () => {
  expect(problemsOf({ type: 'turn-start', turn: 1 }, 'event')).toEqual([]);
  expect(problemsOf({ type: 'turn-start', turn: 1, more: 2 }, 'event')).not.toEqual([]);
  expect(problemsOf({ type: 'a-new-one' }, 'event')).not.toEqual([]);
});
