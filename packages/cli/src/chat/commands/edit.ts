import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PatchbayError } from '@patchbay/core';
import type { ChatContext } from './command.ts';

/** Opens the user's own editor, and answers what was written in it. An empty text is no request. */
export async function editRequest(context: ChatContext, text: string): Promise<void> {
  const { conversation, screen, editor, signal, terminal } = context;
  if (!editor) return screen.say('There is no terminal to open an editor on.');
  const command = terminal.env['VISUAL'] || terminal.env['EDITOR'] || 'vi';
  const written = (await editor.suspended(() => editIn(command, text))).trim();
  if (written === '') return screen.say('Nothing was written.');
  screen.line(written);
  await conversation.answer(written, screen, signal);
  return undefined;
}

async function editIn(command: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-'));
  const file = join(folder, 'request.md');
  try {
    await writeFile(file, text, { mode: 0o600 });
    // The variable holds a command line, such as `code --wait`.
    const child = spawn(`${command} "${file}"`, { stdio: 'inherit', shell: true });
    const [code] = await once(child, 'exit');
    if (code !== 0) {
      throw new PatchbayError('CONFIG_INVALID', `The editor "${command}" ended with ${String(code)}`, {
        hint: 'Set EDITOR to the editor that you use.',
      });
    }
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}
