import * as z from 'zod';
import type { Message } from '../model/language-model.ts';

const Binary = { mimeType: z.string(), data: z.string(), path: z.string().optional() };
const ContentPart = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image'), ...Binary }),
  z.object({ type: z.literal('file'), name: z.string().optional(), ...Binary }),
]);
const ToolCall = z.object({ id: z.string(), name: z.string(), argumentsJson: z.string() });
const ToolResult = z.object({
  callId: z.string(),
  name: z.string(),
  content: z.array(ContentPart),
  structured: z.unknown().optional(),
  isError: z.boolean(),
});
const LoggedMessage = z.discriminatedUnion('role', [
  z.object({ role: z.literal('user'), content: z.array(ContentPart) }),
  z.object({ role: z.literal('assistant'), text: z.string(), toolCalls: z.array(ToolCall) }),
  z.object({ role: z.literal('tool'), results: z.array(ToolResult) }),
]);
const Line = z.object({ at: z.string(), message: LoggedMessage });

/** The message of one line of a log; none when it cannot be read. */
export function messageIn(line: string): Message[] {
  try {
    return [Line.parse(JSON.parse(line)).message];
  } catch {
    return [];
  }
}
