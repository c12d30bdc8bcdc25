// What a program needs before anybody is connected, without the protocol's library. Every name here is a promise.

export { errorMessage, ToolError } from './errors.ts';
export type { Log, LogLevel } from './log.ts';
export { log } from './log.ts';
export type { ServerApp, ServerProgram } from './serve.ts';
export { serve } from './serve.ts';
export type { SettingSpec, SettingSpecs, SettingValues } from './settings.ts';
export type { Workspace } from './workspace.ts';
export { openWorkspace } from './workspace.ts';
