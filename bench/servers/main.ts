// Loads every server over HTTP, 64 requests at a time: `npm run bench -- servers [seconds] [server …]`. Beside them a
// server on the SDK alone, with the same requests. Then the same by the Inspector, which keeps one connection of each era.
// A failed request ends it with 1.
import type { ServerRow } from '../../apps/demo/test/support/server-table.ts';
import { SERVERS } from '../../apps/demo/test/support/server-table.ts';
import { installClients } from '../../apps/demo/test-extended/support/clients.ts';
import type { LoadFigures } from '../../apps/demo/test-extended/support/load.ts';
import { loadByInspector, loadServer } from '../../apps/demo/test-extended/support/load.ts';

const DEFAULT_SECONDS = 30;

const [given = '', ...wanted] = process.argv.slice(2);
const seconds = given === '' ? DEFAULT_SECONDS : Number(given);
if (!(seconds >= 1 && seconds <= 3600)) throw new RangeError(`${given} is no number of seconds`);

const clients = await installClients();

console.log(`Each for ${seconds} s, 64 requests at a time; memory in the middle and at the end.`);
console.log('server        by          requests/s   p50 ms   p99 ms     memory MB   failed');
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
  const load = { main, row, seconds };
  print(name, 'autocannon', await loadServer(clients, load));
  for (const era of ['modern', 'legacy'] as const)
    print(name, era, await loadByInspector(clients, { ...load, era }));
}

function print(name: string, by: string, figures: LoadFigures): void {
  const { failed, perSecond, p50Ms, p99Ms, middleMb, endMb } = figures;
  const cells = [perSecond, p50Ms.toFixed(0), p99Ms.toFixed(0), `${middleMb} → ${endMb}`, failed];
  const widths = [10, 9, 9, 14, 9];
  console.log(
    name.padEnd(14) +
      by.padEnd(12) +
      cells.map((cell, index) => String(cell).padStart(widths[index] ?? 0)).join(''),
  );
  if (failed > 0) hasFailed = true;
}
