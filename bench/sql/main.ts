import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { errorMessage } from '@patchbay/server-kit';
import { buildServer } from '../build-server.ts';
import { openBenchDatabase } from './database.ts';
import { measureExport } from './export.ts';
import { measureOverhead } from './overhead.ts';
import { comparePeer } from './peer.ts';
import { printReport } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '300' },
    server: { type: 'string', default: 'mysql' },
  },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
if (!Number.isInteger(rows) || !Number.isInteger(rounds) || rows < 1000 || rounds < 10) {
  throw new Error('--rows takes a number from 1000 on, --rounds one from 10 on');
}

buildServer('server-sql');
await using database = await openBenchDatabase({ kind: values.server, rows });
console.log(`${database.name}, ${rows} rows, ${rounds} rounds. Each figure is a median.\n`);
const overhead = await measureOverhead(database, rounds);
const exported = await measureExport(database);
const peer = await comparePeer(database, rounds).catch((error: unknown): undefined => {
  console.error(`The comparison was left out: ${errorMessage(error)}`);
});
const report = { database: database.name, rows, rounds, overhead, export: exported, peer };
printReport(report);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
