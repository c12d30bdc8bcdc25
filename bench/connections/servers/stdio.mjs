// An MCP server on standard streams, written by hand; with BENCH_FAULT one that is not as it should be.
import { answer } from './answers.mjs';

const { BENCH_FAULT } = process.env;
if (BENCH_FAULT === 'exit') process.exit(1);
// A server that does not end with its input: SIGTERM ends it.
if (BENCH_FAULT === 'stubborn') setInterval(() => {}, 1000);

let rest = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) if (BENCH_FAULT !== 'silent') receive(JSON.parse(line));
});

function receive(message) {
  if (BENCH_FAULT === 'slow') setTimeout(reply, 2000, message);
  else reply(message);
}

function reply(message) {
  const pieces = answer(message);
  if (!pieces) return;
  if (pieces.length === 1) process.stdout.write(`${pieces[0]}\n`);
  else for (const piece of [...pieces, '\n']) process.stdout.write(piece);
}
