// The public surface of this package. Every name here is a promise; add one only on purpose.

export type { CliArguments } from './command-line/arguments.ts';
export { readArguments } from './command-line/arguments.ts';
export type { AskSummary, CallSummary } from './ask.ts';
export { chat } from './chat/chat.ts';
export { Conversation } from './chat/conversation.ts';
export { openConversation } from './chat/open-conversation.ts';
export { Screen } from './chat/screen.ts';
export { runCli } from './cli.ts';
export { reportError } from './report-error.ts';
export { readEnvironment } from './environment.ts';
export type { Session, SessionArguments } from './session.ts';
export { openSession } from './session.ts';
export type { Terminal } from './terminal.ts';
export { line, processTerminal } from './terminal.ts';
