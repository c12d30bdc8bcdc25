// Runs the official conformance suite, `npm run conformance -- server` or `-- client`. Of the servers, a fixture with all
// that the suite asks for has to pass everything that each revision requires; every real server has to pass what needs
// no fixture; `-- server math` judges one alone. The client is core, driven through its public surface.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Revision, Verdict } from '../packages/server-kit/test/fixtures/referee.ts';
import {
  judge,
  requiredScenarios,
  REVISIONS,
  startHttpProgram,
} from '../packages/server-kit/test/fixtures/referee.ts';
import { judgeClient } from './conformance-client.ts';

const root = join(import.meta.dirname, '..');

/** What the suite can judge of a server that has none of its tools, prompts and resources. */
const FIXTURE_FREE: Readonly<Record<Revision, readonly string[]>> = {
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'dns-rebinding-protection',
    'server-sse-multiple-streams',
    'server-session-lifecycle',
  ],
  '2026-07-28': [
    'tools-list',
    'dns-rebinding-protection',
    'server-sse-multiple-streams',
    'http-header-validation',
    'sep-2164-resource-not-found',
    'input-required-result-unsupported-methods',
  ],
};

const [, , side = '', only = ''] = process.argv;
switch (side) {
  case 'server':
    process.exitCode = (await judgeServers()) ? 0 : 1;
    break;
  case 'client':
    process.exitCode = (await judgeClient()) ? 0 : 1;
    break;
  default:
    console.error('Say what to judge: npm run conformance -- server, or -- client');
    process.exitCode = 2;
}

async function judgeServers(): Promise<boolean> {
  const fixture = 'packages/server-kit/test/fixtures/conformance-server.ts';
  const servers = globSync(`packages/server-${only || '*'}/src/main.ts`, { cwd: root }).toSorted();
  if (servers.length === 0) {
    console.error(`There is no server packages/server-${only}.`);
    return false;
  }
  let isOk = true;
  // One after the other: the suite measures times.
  for (const main of only === '' ? [fixture, ...servers] : servers) {
    const url = pathToFileURL(join(root, main));
    for (const revision of REVISIONS) {
      const scenarios = main === fixture ? await requiredScenarios(revision) : FIXTURE_FREE[revision];
      const name = main === fixture ? 'fixture' : (main.split('/')[1] ?? main);
      if (!(await judgeServer(url, { name, revision, scenarios }))) isOk = false;
    }
  }
  return isOk;
}

async function judgeServer(
  main: URL,
  { name, revision, scenarios }: { name: string; revision: Revision; scenarios: readonly string[] },
): Promise<boolean> {
  await using program = await startHttpProgram(main);
  const { exitCode, verdicts } = await judge(program.url, revision);
  const failed = scenarios.flatMap((scenario) => problemsOf(scenario, verdicts));
  const passed = scenarios.filter((scenario) => problemsOf(scenario, verdicts).length === 0).length;
  // The suite's own exit code is about all that the revision requires, which needs the fixture.
  const isRefused = name === 'fixture' && exitCode !== 0;
  const exit = name === 'fixture' ? `, exit ${exitCode}` : '';
  console.log(`${name.padEnd(20)} ${revision}  ${passed}/${scenarios.length}${exit}`);
  for (const line of failed) console.log(`  ${line}`);
  return failed.length === 0 && !isRefused;
}

function problemsOf(scenario: string, verdicts: readonly Verdict[]): readonly string[] {
  const verdict = verdicts.find((known) => known.scenario === scenario);
  if (!verdict) return [`${scenario}: did not run`];
  if (verdict.failures.length > 0) return verdict.failures.map((failure) => `${scenario}: ${failure}`);
  return verdict.passed === 0 ? [`${scenario}: no check passed`] : [];
}
