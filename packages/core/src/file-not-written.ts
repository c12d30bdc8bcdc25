import { errorMessage, PatchbayError } from './errors.ts';

/** What the system's codes mean for somebody who wants a file written. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written',
  EDQUOT: 'the quota is used up',
  EEXIST: 'there is one already',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'no space is left',
  ENOTDIR: 'a part of its path is no folder',
  EPERM: 'it may not be written',
  EROFS: 'the file system is read-only',
};

/** `Cannot write /path: no space is left (ENOSPC)`, as `FILE_NOT_WRITTEN`, from what the system threw. */
export function fileNotWritten(path: string, cause: unknown, hint?: string): PatchbayError {
  if (cause instanceof PatchbayError) return cause;
  const code = codeOf(cause);
  const reason = REASONS[code] ?? errorMessage(cause);
  const which = code === '' ? '' : ` (${code})`;
  return new PatchbayError('FILE_NOT_WRITTEN', `Cannot write ${path}: ${reason}${which}`, { hint, cause });
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('code' in cause)) return '';
  // What is there already and no folder is in the way of one.
  const isInTheWay = cause.code === 'EEXIST' && 'syscall' in cause && cause.syscall === 'mkdir';
  return isInTheWay ? 'ENOTDIR' : String(cause.code);
}
