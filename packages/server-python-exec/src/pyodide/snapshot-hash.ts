import { createHash } from 'node:crypto';

/** What the name of a snapshot says of its bytes: the first half of their SHA-256, in hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
