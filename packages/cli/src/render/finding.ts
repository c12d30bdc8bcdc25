import type { Finding } from '../doctor/finding.ts';
import type { Style } from './style.ts';

/** `✓ server math  …`, and what to do about it below. */
export function renderFinding({ area, level, what, hint }: Finding, style: Style): string {
  const mark = { ok: style.good('✓'), caution: style.strong('!'), problem: style.bad('✗') }[level];
  const lines = what.split('\n').join('\n   ');
  return ` ${mark} ${style.strong(area)}  ${lines}${hint === undefined ? '' : `\n   → ${hint}`}`;
}
