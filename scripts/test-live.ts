// Runs the calls of apps/demo/test/web-services.test.ts against the real services: `npm run test:live`. What cannot be
// reached is named and not tested.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';

const HOSTS: Readonly<Record<string, readonly string[]>> = {
  weather: ['api.open-meteo.com', 'geocoding-api.open-meteo.com'],
  arxiv: ['export.arxiv.org', 'arxiv.org'],
  wikipedia: ['en.wikipedia.org', 'zh.wikipedia.org'],
};
const CONNECT_LIMIT_MS = 3000;

const reachable: string[] = [];
for (const [name, hosts] of Object.entries(HOSTS)) {
  const problems = (await Promise.all(hosts.map(whyNot))).flat();
  if (problems.length === 0) reachable.push(name);
  else console.log(`${name}: not tested, there is no network to it (${problems.join(', ')})`);
}
if (reachable.length === 0) {
  console.log(
    'No network: no real service was tested. `npm test` runs the same calls against services on this machine.',
  );
} else {
  const cwd = join(import.meta.dirname, '..', 'apps', 'demo');
  const env = { ...process.env, PATCHBAY_LIVE: reachable.join(',') };
  const run = spawnSync('vitest', ['run', 'test/web-services.test.ts'], { cwd, env, stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
}

async function whyNot(host: string): Promise<readonly string[]> {
  const socket = connect({ host, port: 443 });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_LIMIT_MS) });
    return [];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    return [`${host}: ${code}`];
  } finally {
    socket.destroy();
  }
}
