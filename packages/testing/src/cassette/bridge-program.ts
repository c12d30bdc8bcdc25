// Stands where a server stood in a configuration: every line goes through the process that holds the cassette, which
// keeps one order of all. Arguments: its port, its word, the channel, and when recording the server's command line.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const [port, word, channel, command, ...args] = process.argv.slice(2);
const cassette = connect(Number(port), '127.0.0.1');
cassette.on('error', () => process.exit(1));
let hasInput = true;
cassette.on('close', () => process.exit());

function tell(message: object): void {
  cassette.write(`${JSON.stringify(message)}\n`);
}

tell({ word, channel });
const server =
  command === undefined ? undefined : spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
server?.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server?.stdin.on('error', () => undefined);
if (server) createInterface({ input: server.stdout }).on('line', (line) => tell({ from: 'server', line }));
server?.on('close', (code) => {
  process.exitCode = code ?? 1;
  // Whether it ended by itself is a part of what it did.
  cassette.end(hasInput ? `${JSON.stringify({ from: 'end' })}\n` : '');
});

createInterface({ input: cassette }).on('line', (text) => {
  const { to, line }: { to: 'client' | 'server'; line: string } = JSON.parse(text);
  if (to === 'client') process.stdout.write(`${line}\n`);
  else server?.stdin.write(`${line}\n`);
});

// The server ends with its input, and this program with the server; without one, at once.
createInterface({ input: process.stdin })
  .on('line', (line) => tell({ from: 'client', line }))
  .on('close', () => {
    hasInput = false;
    if (server) server.stdin.end();
    else cassette.end();
  });
