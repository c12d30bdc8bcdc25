import { once } from 'node:events';
import { Server } from 'node:net';
import type { Connection } from 'mysql2';
import { createServer } from 'mysql2';

/** What a server answers one statement: one row of texts, an error, or nothing but that it is done. */
export type Reply =
  | { readonly row: readonly (string | null)[] }
  | { readonly code: number; readonly message: string }
  | 'done';

export interface ProtocolServer extends AsyncDisposable {
  readonly port: number;
  /** Every statement that came, of every connection, in order. */
  readonly statements: readonly string[];
}

/** Everything but TLS and compression, which the driver's server has not. */
const CAPABILITIES = 0xff_ff_ff & ~0x20 & ~0x8_00;
const RESET_CONNECTION = 0x1f;
const QUIT = 0x01;
const VAR_STRING = 253;
const UTF8MB4 = 45;

/** Speaks MySQL's protocol and answers as `answer` says: systems that cannot be had here are known by what they say. */
export async function startProtocolServer(
  version: string,
  answer: (sql: string) => Reply | Promise<Reply>,
): Promise<ProtocolServer> {
  const statements: string[] = [];
  let connections = 0;
  const server = createServer((base) => {
    const connection = base as unknown as ServingConnection;
    // Clients leave as they like.
    connection.on('error', () => undefined);
    const reply = async (sql: string): Promise<void> => {
      statements.push(sql);
      const said = await answer(sql);
      connection.sequenceId = 1;
      write(connection, said);
      connection.sequenceId = 0;
    };
    connection.on('query', (sql: string) => void reply(sql));
    // The driver's server takes each SET for one that prepares.
    connection.on('stmt_prepare', (sql: string) => void reply(sql));
    connection.on('packet', (_packet: unknown, _isKnown: boolean, command: number) => {
      if (command === RESET_CONNECTION) void reply('(reset)');
      if (command === QUIT) connection.close();
    });
    connections += 1;
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: version,
      connectionId: connections,
      statusFlags: 2,
      characterSet: UTF8MB4,
      capabilityFlags: CAPABILITIES,
      authCallback(_login: unknown, done: (error: null) => void) {
        done(null);
        connection.sequenceId = 0;
      },
    });
  });
  server.listen(0);
  // The driver's server keeps the port that it got in there alone.
  const listener: unknown = Reflect.get(server, '_server');
  if (!(listener instanceof Server)) throw new Error('The driver has another server inside');
  await once(listener, 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    statements,
    [Symbol.asyncDispose]: async () => void listener.close(),
  };
}

/** What the driver's types leave out of a connection that serves. */
interface ServingConnection extends Connection {
  sequenceId: number;
  close(): void;
  writeColumns(columns: readonly object[]): void;
  writeTextRow(row: readonly (string | null)[]): void;
}

function write(connection: ServingConnection, reply: Reply): void {
  if (reply === 'done') return connection.writeOk();
  if ('code' in reply) return connection.writeError(reply);
  connection.writeColumns(reply.row.map((_, index) => column(`c${index}`)));
  connection.writeTextRow(reply.row);
  connection.writeEof();
}

function column(name: string): object {
  return {
    catalog: 'def',
    schema: '',
    table: '',
    orgTable: '',
    name,
    orgName: '',
    characterSet: UTF8MB4,
    columnLength: 1024,
    columnType: VAR_STRING,
    flags: 0,
    decimals: 0,
  };
}
