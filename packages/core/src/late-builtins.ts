/**
 * Modules of Node that few starts need. An `import` of one has it loaded at every start, with all that it could export,
 * which takes milliseconds; this way it is loaded where it is used first.
 */
export const late = {
  get crypto(): typeof import('node:crypto') {
    return process.getBuiltinModule('node:crypto');
  },
  get files(): typeof import('node:fs/promises') {
    return process.getBuiltinModule('node:fs/promises');
  },
  get fileSystem(): typeof import('node:fs') {
    return process.getBuiltinModule('node:fs');
  },
  get os(): typeof import('node:os') {
    return process.getBuiltinModule('node:os');
  },
  get util(): typeof import('node:util') {
    return process.getBuiltinModule('node:util');
  },
};

/** SHA-256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return late.crypto.createHash('sha256').update(text).digest('hex');
}
