// The same over streamable HTTP, its answers as JSON or, at /sse, as event streams. Prints its port when it listens.
import { createServer } from 'node:http';
import { answer } from './answers.mjs';

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const pieces = request.method === 'POST' ? answer(JSON.parse(body)) : undefined;
    if (pieces) reply(response, { pieces, isStream: request.url === '/sse' });
    else response.writeHead(request.method === 'POST' ? 202 : 405).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();

function reply(response, { pieces, isStream }) {
  response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
  const framed = isStream ? ['event: message\ndata: ', ...pieces, '\n\n'] : pieces;
  for (const piece of framed.slice(0, -1)) response.write(piece);
  response.end(framed.at(-1));
}
