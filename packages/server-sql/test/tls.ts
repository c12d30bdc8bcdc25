import { fileURLToPath } from 'node:url';

const file = (name: string): string => fileURLToPath(new URL(`./tls/${name}`, import.meta.url));

/** Signed the certificate of the servers under test, which is for `localhost` and 127.0.0.1. Made for tests alone. */
export const CA_FILE: string = file('ca.pem');
/** Signed nothing. */
export const OTHER_CA_FILE: string = file('other-ca.pem');

/** Options of a server that can be spoken to encrypted. */
export const TLS_OPTIONS: readonly string[] = [
  `--ssl-ca=${CA_FILE}`,
  `--ssl-cert=${file('server.pem')}`,
  `--ssl-key=${file('server.key')}`,
];
