// Loads every server over HTTP, 64 requests at a time: `npm run bench -- servers [seconds] [server …]`. Beside them a
// server on the SDK alone, with the same requests. A failed request ends it with 1.
import type { ServerRow } from '../../apps/demo/test/support/server-table.ts';
import { SERVERS } from '../../apps/demo/test/support/server-table.ts';
import { installClients } from '../../apps/demo/test-extended/support/clients.ts';
import { loadServer } from '../../apps/demo/test-extended/support/load.ts';

const DEFAULT_SECONDS = 30;

const [given = '', ...wanted] = process.argv.slice(2);
const seconds = given === '' ? DEFAULT_SECONDS : Number(given);
if (!(seconds >= 1 && seconds <= 3600)) throw new RangeError(`${given} is no number of seconds`);

const clients = await installClients();

console.log(`Each for ${seconds} s, 64 requests at a time; memory in the middle and at the end.`);
console.log('server        requests/s   p50 ms   p99 ms     memory MB   failed');
let hasFailed = false;
const math = SERVERS['math'];
if (math)
  await measure(
    'bare SDK',
    new URL('../../packages/server-kit/test/fixtures/bare-server.ts', import.meta.url),
    math,
  );
for (const [name, row] of Object.entries(SERVERS)) {
  const main = new URL(`../../packages/server-${name}/src/main.ts`, import.meta.url);
  if (wanted.length === 0 || wanted.includes(name)) await measure(name, main, row);
}
process.exitCode = hasFailed ? 1 : 0;

async function measure(name: string, main: URL, row: ServerRow): Promise<void> {
  const { failed, perSecond, p50Ms, p99Ms, middleMb, endMb } = await loadServer(clients, {
    main,
    row,
    seconds,
  });
  const cells = [perSecond, p50Ms, p99Ms, `${middleMb} → ${endMb}`, failed];
  const widths = [10, 9, 9, 14, 9];
  console.log(
    name.padEnd(14) + cells.map((cell, index) => String(cell).padStart(widths[index] ?? 0)).join(''),
  );
  if (failed > 0) hasFailed = true;
}
