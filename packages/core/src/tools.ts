import type { Usage } from './usage.ts';

/** A JSON Schema object, passed through from MCP `Tool.inputSchema` untouched. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'image' } & BinaryContent)
  /** Audio, a document, any other bytes. `name` is what its server calls it, if anything. */
  | ({ readonly type: 'file'; readonly name?: string } & BinaryContent);

interface BinaryContent {
  readonly mimeType: string;
  /** In base64. */
  readonly data: string;
  /** Where it is kept on disk, if it is. */
  readonly path?: string;
}

/** Hints written by a server about its own tool: for people and policies, never a guarantee. */
export interface ToolAnnotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

export interface ToolDefinition {
  /** Name the model sees: at most 64 characters of `[A-Za-z0-9_-]`, unique in the catalog. */
  readonly name: string;
  /** Name of the server in the configuration. */
  readonly server: string;
  /** What the server itself calls the tool. */
  readonly tool: string;
  readonly description?: string;
  readonly inputSchema: JsonSchema;
  readonly annotations?: ToolAnnotations;
}

export interface ToolCall {
  /** Assigned by the model; comes back on the matching {@link ToolResult}. Some models repeat it. */
  readonly id: string;
  readonly name: string;
  /** As the model wrote it. Parsed once, in the loop. */
  readonly argumentsJson: string;
}

/** How much of a result a model is given, where that is not all of it. Lengths are in characters. */
export interface CutResult {
  readonly chars: number;
  readonly givenChars: number;
  /** The file that holds all of it, if one does. */
  readonly path?: string | undefined;
}

/** What a tool answered. A failure is an answer too: the model reads it and goes on. */
export interface ToolOutcome {
  readonly content: readonly ContentPart[];
  /** MCP `structuredContent`: the same answer as data, for programs. */
  readonly structured?: unknown;
  readonly isError: boolean;
  /** What models that the tool itself asked have used up. Counts for the run. */
  readonly usage?: Usage;
  /** The text is a part of the result. For people: models read it in the text. */
  readonly cut?: CutResult;
}

export interface ToolResult extends ToolOutcome {
  readonly callId: string;
  readonly name: string;
}

/** What a server says of a call that it is still at. */
export interface ToolProgress {
  readonly progress: number;
  /** What `progress` will be at the end, where the server knows. */
  readonly total?: number;
  readonly message?: string;
}

/** What a call comes to: the tool that it reaches, with which arguments, or why it reaches none. */
export type ResolvedCall =
  | {
      readonly kind: 'call';
      readonly tool: ToolDefinition;
      readonly args: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'unresolved'; readonly reason: string };

/** Where the tool loop and the gateway get their tools: all they know of servers. */
export interface ToolSource {
  /** The tools there are now, in an order that depends on their names alone. */
  listTools(): readonly ToolDefinition[];
  /**
   * For a source that has tools which it does not list, or that stand behind another: which tool a call is really of.
   * Approval, validation and events then go by that tool, so a source that wraps another passes this on. `undefined`
   * when the source knows no such name.
   */
  resolveCall?(name: string, args: Readonly<Record<string, unknown>>): ResolvedCall | undefined;
  /**
   * Calls a tool by the name in its definition. Whatever goes wrong is an outcome with `isError`; it rejects only
   * with `signal.reason`, when aborted. `onProgress` hears what the server says of the call meanwhile.
   */
  callTool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
    onProgress?: (progress: ToolProgress) => void,
  ): Promise<ToolOutcome>;
}

/** Sorted by name, so that the same tools make the same bytes in whatever order their servers came up. */
export function sortedByName(tools: readonly ToolDefinition[]): ToolDefinition[] {
  return tools.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

export function textOutcome(text: string, isError: boolean): ToolOutcome {
  return { content: [{ type: 'text', text }], isError };
}

/** The text parts joined by newlines; what is no text becomes a placeholder that says what it is. */
export function outcomeText(outcome: Pick<ToolOutcome, 'content'>): string {
  return outcome.content.map((part) => (part.type === 'text' ? part.text : describePart(part))).join('\n');
}

/** `[image image/png, 12 kB, kept in /path]`: what is known of a part without looking into it. */
export function describePart(part: Exclude<ContentPart, { type: 'text' }>, remark = ''): string {
  const bytes = Buffer.byteLength(part.data, 'base64');
  const size = bytes < 1000 ? `${bytes} B` : `${Math.round(bytes / 1000)} kB`;
  const name = part.type === 'file' && part.name !== undefined ? ` "${part.name}"` : '';
  const kind = part.mimeType.startsWith('audio/') ? 'audio' : part.type;
  const facts = [
    `${kind}${name} ${part.mimeType}`,
    size,
    remark,
    part.path === undefined ? '' : `kept in ${part.path}`,
  ];
  return `[${facts.filter(Boolean).join(', ')}]`;
}
