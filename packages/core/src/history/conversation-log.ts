import { dirname } from 'node:path';
import type { Message } from '../model/language-model.ts';
import { toExchanges } from './compact.ts';
import type { Redactor } from './redactor.ts';
import { repairHistory } from './repair.ts';
import { late } from '../late-builtins.ts';

/** A conversation on disk: one JSON object a line, each written the moment it is known. */
export interface ConversationLog extends AsyncDisposable {
  append(message: Message): Promise<void>;
}

/**
 * Opens the log for more, made (mode 0600, its folder 0700) when it is missing. A last line that a crash has cut short
 * is ended, so that what follows stands on a line of its own. Secrets go through `redact` before they are written.
 */
export async function openConversationLog(path: string, redact: Redactor): Promise<ConversationLog> {
  await late.files.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await late.files.open(path, 'a+', 0o600);
  const { size } = await file.stat();
  if (size > 0) {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    if (buffer.toString() !== '\n') await file.write('\n');
  }
  return {
    async append(message) {
      await file.write(toLine(message, redact));
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

/**
 * The conversation of a log, in a state that every provider accepts, wherever the writer was cut off. Lines that cannot
 * be read are passed over.
 *
 * @throws the system's error when there is no such file.
 */
export async function readConversationLog(path: string): Promise<Message[]> {
  const lines = (await late.files.readFile(path, 'utf8')).split('\n');
  const { messageIn } = await import('./logged-message.ts');
  return repairHistory(lines.flatMap(messageIn));
}

/**
 * Begins another conversation with what one has, up to and with its exchange number `exchanges` (default: all of it). From
 * then on they have nothing to do with each other.
 *
 * @throws the system's error when there is no log at `from`, or something at `to`.
 */
export async function forkConversationLog(
  from: string,
  to: string,
  { exchanges, redact }: { readonly exchanges?: number; readonly redact: Redactor },
): Promise<Message[]> {
  const messages = toExchanges(await readConversationLog(from))
    .slice(0, exchanges)
    .flat();
  await late.files.mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const lines = messages.map((message) => toLine(message, redact)).join('');
  await late.files.writeFile(to, lines, { flag: 'wx', mode: 0o600 });
  return messages;
}

/** Each text is redacted by itself, so that nothing that is taken out can break the line. */
function toLine(message: Message, redact: Redactor): string {
  const line = { at: new Date().toISOString(), message };
  return `${JSON.stringify(line, (_key, value: unknown) => (typeof value === 'string' ? redact(value) : value))}\n`;
}
