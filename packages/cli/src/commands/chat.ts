import type { CliArguments } from '../command-line/arguments.ts';
import { Screen } from '../chat/screen.ts';
import { imageProtocol } from '../render/image.ts';
import { renderName } from '../render/name.ts';
import type { Terminal } from '../terminal.ts';
import { canMoveCursor, isInteractive } from '../terminal.ts';

/** `patchbay`: a chat on the terminal, or over lines of input where there is none. */
export async function chatCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const screen = screenFor(args, terminal);
  // Seen at once: the rest takes longer to load and to read than it takes to wonder whether anything happens.
  const begun = isInteractive(terminal) ? renderName(screen.style) : '';
  screen.write(begun);
  try {
    const { converse } = await import('../chat/converse.ts');
    return await converse({ args, screen, begun }, terminal);
  } catch (error) {
    screen.endLine();
    throw error;
  }
}

/** A terminal that cannot move its cursor, or a person who does not see it move, is only ever written on. */
function screenFor({ display, isDrawingImages }: CliArguments, terminal: Terminal): Screen {
  const { stdout, env, debugLog } = terminal;
  const isLive = display === 'drawn' && canMoveCursor(terminal);
  const images = isDrawingImages ? imageProtocol(env) : undefined;
  return new Screen(stdout, { display, isLive, images, debugLog });
}
