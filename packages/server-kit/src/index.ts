// The public surface of this package. Every name here is a promise; add one only on purpose.

export type { Cursors } from './cursor.ts';
export { cursorInput, cursorsOf, nextCursorOutput } from './cursor.ts';
export { errorMessage, ToolError } from './errors.ts';
export type { Log, LogLevel } from './log.ts';
export { log } from './log.ts';
export { createMcpServer } from './mcp-server.ts';
export { nearest } from './nearest.ts';
export { PromiseCache } from './promise-cache.ts';
export { oneLine, plainText } from './plain-text.ts';
export type { TextPiece } from './slice-text.ts';
export { sliceText } from './slice-text.ts';
export type { SelfTestCall, SelfTestError, SelfTestReport } from './self-test.ts';
export type { ServerApp, ServerProgram } from './serve.ts';
export { serve } from './serve.ts';
export type { SettingSpec, SettingSpecs, SettingValues } from './settings.ts';
export { describeSettings, readSettings, SettingsError } from './settings.ts';
export type { Progress, ToolAnswer, ToolContext, ToolHints, ToolSpec } from './tool.ts';
export { addTool, READ_ONLY, READ_ONLY_WEB } from './tool.ts';
export type { Workspace } from './workspace.ts';
export { openWorkspace } from './workspace.ts';
