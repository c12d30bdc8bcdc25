// Reading configurations: an entry of its own, since it stands on libraries that nothing else needs at a start.

export type { McpServerEntry } from './config/import/foreign-entry.ts';
export type { HostFile, HostName, HostSearch } from './config/import/host-files.ts';
export { findHostConfigs, HOST_NAMES, identifyHostFile } from './config/import/host-files.ts';
export type { ImportedServer, ImportOptions } from './config/import/import-config.ts';
export { importConfig } from './config/import/import-config.ts';
export type { MergedServers, NewServer } from './config/import/merge-servers.ts';
export { mergeServers } from './config/import/merge-servers.ts';
export { loadConfig, parseConfig, scriptServer } from './config/load-config.ts';
export { readTextFile } from './config/read-text-file.ts';
export { removeServer } from './config/import/remove-server.ts';
