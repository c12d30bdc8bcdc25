import { randomBytes } from 'node:crypto';

/** A name that no other file has: the time, so that they sort by it. */
export function newId(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${time}-${randomBytes(2).toString('hex')}`;
}
