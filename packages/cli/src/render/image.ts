import type { Environment } from '@patchbay/core';

/** How a terminal takes images, if it does: told from what it says of itself. */
export type ImageProtocol = 'kitty' | 'iterm2';

const ESCAPE = '\u001B';
/** Longest piece of an image that kitty's protocol allows in one escape sequence, in characters of base64. */
const KITTY_CHUNK = 4096;

/** Between a program and its terminal, tmux and screen swallow images. */
export function imageProtocol(env: Environment): ImageProtocol | undefined {
  const { TERM = '', TERM_PROGRAM = '', TMUX, KITTY_WINDOW_ID, GHOSTTY_RESOURCES_DIR } = env;
  if (TMUX || TERM.startsWith('screen') || TERM.startsWith('tmux')) return undefined;
  if (KITTY_WINDOW_ID || TERM === 'xterm-kitty' || GHOSTTY_RESOURCES_DIR || TERM_PROGRAM === 'ghostty')
    return 'kitty';
  return ['iTerm.app', 'WezTerm'].includes(TERM_PROGRAM) ? 'iterm2' : undefined;
}

/**
 * An image as an escape sequence: kitty's graphics protocol, which takes PNG alone, or iTerm2's inline images.
 * `undefined` for what the protocol does not take. https://sw.kovidgoyal.net/kitty/graphics-protocol/,
 * https://iterm2.com/documentation-images.html
 */
export function drawImage(
  { mimeType, data }: { readonly mimeType: string; readonly data: string },
  protocol: ImageProtocol,
): string | undefined {
  if (protocol === 'iterm2') return `${ESCAPE}]1337;File=inline=1:${data}\u0007\n`;
  if (mimeType !== 'image/png') return undefined;
  const chunks = data.match(new RegExp(`.{1,${KITTY_CHUNK}}`, 'g')) ?? [];
  const sequences = chunks.map((chunk, index) => {
    const more = index < chunks.length - 1 ? 1 : 0;
    const control = index === 0 ? `f=100,a=T,m=${more}` : `m=${more}`;
    return `${ESCAPE}_G${control};${chunk}${ESCAPE}\\`;
  });
  return `${sequences.join('')}\n`;
}
