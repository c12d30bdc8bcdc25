import type { ToolProgress } from '@patchbay/core';
import { printable } from '@patchbay/core';

const BAR_CHARS = 12;

/** `▓▓▓▓▓░░░░░░░ 42 % reading`, or a counter where the end is not known. */
export function renderProgress({ progress, total, message = '' }: ToolProgress): string {
  const said = message === '' ? '' : ` ${printable(message).replaceAll('\n', ' ')}`;
  if (total === undefined || total <= 0) return `${progress}${said}`;
  const share = Math.min(1, Math.max(0, progress / total));
  const full = Math.round(share * BAR_CHARS);
  return `${'▓'.repeat(full)}${'░'.repeat(BAR_CHARS - full)} ${Math.floor(share * 100)} %${said}`;
}
