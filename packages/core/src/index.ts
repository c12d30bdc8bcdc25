// The public surface of this package. Every name here is a promise; add one only on purpose.

export type { Authorize, SignInRequest } from './auth/sign-in.ts';
export type { Environment } from './config/expand-variables.ts';
export type { HostConfig, ProtocolChoice, ServerConfig, TransportConfig } from './config/host-config.ts';
export type { ToolFilter } from './config/tool-filter.ts';
export type { OAuthConfig } from './config/oauth-config.ts';
export type { PatchbayErrorCode } from './errors.ts';
export { errorMessage, PatchbayError } from './errors.ts';
export { fileNotWritten } from './file-not-written.ts';
export { compactHistory, estimateTokens } from './history/compact.ts';
export type { ConversationLog } from './history/conversation-log.ts';
export { forkConversationLog, openConversationLog, readConversationLog } from './history/conversation-log.ts';
export { toJson, toMarkdown } from './history/export-conversation.ts';
export type { Redactor } from './history/redactor.ts';
export { createRedactor } from './history/redactor.ts';
export { repairHistory } from './history/repair.ts';
export type { SummaryOptions } from './history/summarise-with-model.ts';
export { compactWithModel } from './history/summarise-with-model.ts';
export type { Host, HostOptions, ServerChanges } from './host.ts';
export { createHost } from './host.ts';
export { childEnvironment } from './mcp/child-environment.ts';
export type { Elicit, ElicitationAnswer, ElicitationRequest } from './mcp/elicitation.ts';
export type {
  CompletionInput,
  CompletionTarget,
  Library,
  Listing,
  PromptDefinition,
  PromptMessage,
  ResourceContent,
  ResourceDefinition,
  ResourceTemplate,
} from './mcp/library.ts';
export type {
  Sample,
  SamplingAnswer,
  SamplingContent,
  SamplingMessage,
  SamplingRequest,
  SamplingTool,
  SamplingToolCall,
} from './mcp/sampling.ts';
export type { LogLevel } from './mcp/server-logs.ts';
export type { HostEvent, ServerCheck, ServerState, ServerStatus } from './mcp/server-state.ts';
export { mayOwnTool } from './mcp/tool-name.ts';
export type { ModelChoice } from './model/choose-model.ts';
export { chooseModel } from './model/choose-model.ts';
export type { LanguageModel, Message, ModelEvent, ModelRequest } from './model/language-model.ts';
export { messageText, userMessage } from './model/language-model.ts';
export type { LocalServer } from './model/local-servers.ts';
export { findLocalServers } from './model/local-servers.ts';
export { offlinePlanner, plannerExamples } from './model/offline/planner.ts';
export type { ModelPrice } from './model/priced.ts';
export { priced } from './model/priced.ts';
export { promptedTools } from './model/prompted-tools.ts';
export type { SchemaProblem } from './model/schema/schema-problems.ts';
export { schemaProblems } from './model/schema/schema-problems.ts';
export type { Script } from './model/scripted.ts';
export { scriptedModel } from './model/scripted.ts';
export type { ApprovalDecision, ApprovalPolicy } from './run/approval.ts';
export { allowAll, allowTrustedReads } from './run/approval.ts';
export type { DelegationOptions, Sessions } from './run/delegation.ts';
export { delegatingTools } from './run/delegation.ts';
export type { ReachedLimit, RunLimits } from './run/limits.ts';
export { DEFAULT_MAX_TURNS } from './run/limits.ts';
export type { RunEvent, RunOptions } from './run/run.ts';
export { run } from './run/run.ts';
export type { ModelSamplingOptions } from './sample-with-model.ts';
export { sampleWithModel } from './sample-with-model.ts';
export { definitionTokens } from './surface/definition-size.ts';
export type { DownServer } from './surface/meta-results.ts';
export type { ResultBudgetOptions } from './surface/result-budget.ts';
export { withResultBudget } from './surface/result-budget.ts';
export type { CheckedServer, CheckedServers } from './surface/server-health.ts';
export { withServerHealth } from './surface/server-health.ts';
export type { ToolSearch } from './surface/tool-index.ts';
export { indexTools } from './surface/tool-index.ts';
export type { ToolSearchOptions } from './surface/tool-search.ts';
export { withToolSearch } from './surface/tool-search.ts';
export type {
  ContentPart,
  CutResult,
  JsonSchema,
  ResolvedCall,
  ToolAnnotations,
  ToolCall,
  ToolDefinition,
  ToolOutcome,
  ToolProgress,
  ToolResult,
  ToolSource,
} from './tools.ts';
export { outcomeText } from './tools.ts';
export { bounded, printable } from './untrusted-text.ts';
export type { Usage } from './usage.ts';
export { addUsage } from './usage.ts';
