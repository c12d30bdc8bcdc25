import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** What new objects get, in MiB, and what they have when Node starts. */
const SPACE_MIB = 4;
const INITIAL_MIB = 1;
const MIB = 1024 * 1024;

/** 32 KiB each. Some thirty live on before the space grows; it never takes more than this. */
const PIECE = 4096;
const MAX_PIECES = 200;

/**
 * Gives new objects a space of 4 MiB for good. Rows are short-lived, but those of one answer live until it is sent: in the
 * 1 MiB that V8 starts with they are copied again and again, which is a third of the time of 1,000 rows. Left
 * to itself it would let the space grow to 16 MiB, and a process with it to 270 MB. V8 reads the flag for the size at its
 * start alone, and lets the space grow by this factor once enough of what is in it has lived on.
 */
export function limitNewObjects(): void {
  setFlagsFromString(`--semi-space-growth-factor=${SPACE_MIB / INITIAL_MIB}`);
  const alive: unknown[] = [];
  while (alive.length < MAX_PIECES && spaceBytes() < SPACE_MIB * MIB) alive.push(Array(PIECE).fill(0));
  setFlagsFromString('--semi-space-growth-factor=1');
  // So little of it is collected sooner by one thread than several are woken.
  setFlagsFromString('--no-parallel-scavenge');
}

function spaceBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return space?.space_size ?? Number.POSITIVE_INFINITY;
}
