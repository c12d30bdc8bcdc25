// The public surface of this package. Every name here is a promise; add one only on purpose.

export type { ConnectionFailure } from './connection-failure.ts';
export { readConnectionFailure } from './connection-failure.ts';
export { errorMessage, ToolError } from './errors.ts';
export type { Log, LogLevel } from './log.ts';
export { log } from './log.ts';
export { createMcpServer } from './mcp-server.ts';
export { PromiseCache } from './promise-cache.ts';
export type { SelfTestCall, SelfTestError, SelfTestReport } from './self-test.ts';
export type { ServerApp, ServerProgram } from './serve.ts';
export { serve } from './serve.ts';
export type { HttpConnections, HttpOptions } from './serve-http.ts';
export { serveHttp } from './serve-http.ts';
export type { SettingSpec, SettingSpecs, SettingValues } from './settings.ts';
export { describeSettings, readSettings, SettingsError } from './settings.ts';
export type { Progress, ToolAnswer, ToolContext, ToolHints, ToolSpec } from './tool.ts';
export { addTool, READ_ONLY } from './tool.ts';
export type { Workspace } from './workspace.ts';
export { openWorkspace } from './workspace.ts';
export { waitWithin } from './wait-within.ts';
