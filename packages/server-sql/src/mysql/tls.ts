import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorMessage, SettingsError } from '@patchbay/server-kit';
import type { SslOptions } from 'mysql2';

export interface TlsSettings {
  /** As MySQL's own client and others write it: `REQUIRED`, `verify-ca`, `verify-full`. */
  readonly mode: string | undefined;
  /** File with the certificates that a server's may be signed with, instead of the system's own. */
  readonly caFile: string | undefined;
}

type Check = 'nothing' | 'signature' | 'signature and name';

const CHECKS: ReadonlyMap<string, Check> = new Map([
  ['require', 'nothing'],
  ['required', 'nothing'],
  ['verify-ca', 'signature'],
  ['verify', 'signature and name'],
  ['verify-full', 'signature and name'],
  ['verify-identity', 'signature and name'],
]);

/**
 * What the driver is told about encryption; undefined for none. A file of certificates is there to be used: with it
 * the server's own is always checked, and its name too unless the mode says otherwise.
 *
 * @throws {SettingsError} for an unknown mode or a file that cannot be read.
 */
export function readTls({ mode, caFile }: TlsSettings, folder: string): SslOptions | undefined {
  const name = mode?.toLowerCase().replaceAll('_', '-') ?? (caFile === undefined ? 'disabled' : 'verify');
  if (name === 'disable' || name === 'disabled') return undefined;
  const check = CHECKS.get(name);
  if (!check) {
    throw new SettingsError(
      'MySQL: ssl-mode is disabled, required (encrypted), verify-ca (by a known authority) or verify (its name too)',
    );
  }
  const ca = caFile === undefined ? undefined : readCa(resolve(folder, caFile));
  const isChecked = check !== 'nothing' || ca !== undefined;
  return { rejectUnauthorized: isChecked, verifyIdentity: check === 'signature and name', ca };
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError(`MYSQL_SSL_CA: ${errorMessage(error)}`, { cause: error });
  }
}
