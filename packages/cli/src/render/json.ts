import type { LanguageModel, RunEvent, ServerStatus, ToolDefinition } from '@patchbay/core';
import type { AskSummary } from '../ask.ts';

/** A server as `--json` shows it. */
export function serverJson({ server, state, tools, unmatchedTools }: ServerStatus): Record<string, unknown> {
  const { kind, ...details } = state;
  const unmatched = unmatchedTools.length > 0 ? { unmatchedTools } : {};
  return { name: server, state: kind, tools: tools.length, ...unmatched, ...details };
}

/** A tool as `--json` shows it: everything that the model sees, with its origin. */
export function toolJson({
  name,
  server,
  tool,
  description,
  inputSchema,
  annotations,
}: ToolDefinition): object {
  return { name, server, tool, description, inputSchema, annotations };
}

/** The first line of a stream: what the request is made with. */
export function initJson(model: LanguageModel, servers: readonly ServerStatus[]): object {
  return { type: 'init', model: { id: model.id, label: model.label }, servers: servers.map(serverJson) };
}

/**
 * A line of a stream: the loop's own event, with a tool by its name in place of its whole definition. `undefined` for
 * what repeats other events.
 */
export function eventJson(event: RunEvent): object | undefined {
  if (event.type === 'message-added') return undefined;
  if (event.type === 'run-end') return { type: event.type, reason: event.reason };
  const isOfCall =
    event.type === 'tool-call' || event.type === 'tool-progress' || event.type === 'tool-result';
  return isOfCall ? callJson(event) : event;
}

/** What is told of one call. */
function callJson(event: Extract<RunEvent, { type: 'tool-call' | 'tool-progress' | 'tool-result' }>): object {
  const { type, index, tool } = event;
  switch (type) {
    case 'tool-call': {
      const { call, args } = event;
      return { type, index, id: call.id, name: call.name, ...origin(tool), arguments: args };
    }
    case 'tool-progress':
      return { type, index, ...origin(tool), ...event.progress };
    case 'tool-result': {
      const { result, ms, cut } = event;
      const { callId: id, name, isError, content, structured } = result;
      return { type, index, id, name, ...origin(tool), ms, isError, content, structured, cut };
    }
    default:
      return type satisfies never;
  }
}

/** What `--json` prints of one request, and the last line of a stream. */
export function summaryJson({ answer, stop, model, calls, usage, ms }: AskSummary): object {
  return { answer, stop, model, calls, usage, ms };
}

function origin(tool: ToolDefinition | undefined): { server?: string; tool?: string } {
  return tool ? { server: tool.server, tool: tool.tool } : {};
}
