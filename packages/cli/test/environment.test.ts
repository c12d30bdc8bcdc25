import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeIgnoredLines } from '../src/environment.ts';
import { createProject, math } from './support/cli.ts';

/** With all that a `.env` may hold, of which three lines are nothing. */
const ENV = `# a comment = "that is
export A=1
KEY sk-123

B="two
lines, # and no comment" # a comment
C='it''s'\r
= 4
D=x="y
  export E
F="z"`;

test('lines of .env that set nothing are told, without what stands in them', async () => {
  await using project = await createProject({ math }, { '.env': ENV });
  const told =
    '! Ignored, because it is not of the form NAME=value: .env:3, .env:8, .env:10. A comment begins with #.\n';
  const [tools, chat, doctor] = await Promise.all([
    project.patchbay(['tools', '--json']),
    project.patchbay([], { input: '/quit\n' }),
    project.patchbay(['doctor']),
  ]);
  expect([tools.code, tools.stderr]).toEqual([0, told]);
  expect(chat.stdout).toContain(`\n${told}`);
  expect(doctor.stdout).toMatch(/ ! environment {2}.env is read[^\n]*\n {3}→ Ignored, [^\n]*\.env:10\. /);
});

test('a .env of many such lines is told by its first, and a folder of that name sets nothing', async () => {
  await using project = await createProject({}, { '.env': 'x\n'.repeat(9) });
  expect(await describeIgnoredLines(project.folder)).toMatch(/: \.env:1, .*\.env:5 and 4 more\. /);
  await using other = await createProject({ math });
  await mkdir(join(other.folder, '.env'));
  expect(await other.patchbay(['call', 'math.add', 'a=1', 'b=2'])).toMatchObject({ code: 0, stdout: '3\n' });
});
