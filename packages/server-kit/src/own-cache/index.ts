// What a server keeps in the user's cache. It loads little, for it is there before the rest. Every name here is a promise.

export type { CacheFolderOptions } from './cache-folder.ts';
export { cacheFolder } from './cache-folder.ts';
export { makePrivateFolder, removeOld } from './private-folder.ts';
export { rememberCode } from './remember-code.ts';
