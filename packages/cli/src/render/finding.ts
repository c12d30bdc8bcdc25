import type { Finding } from '../doctor/finding.ts';
import type { Style } from './style.ts';

/** `✓ server math  …`, and what to do about it below. */
export function renderFinding({ area, level, what, hint }: Finding, style: Style): string {
  const { signs } = style;
  const mark = {
    ok: style.good(signs.ok),
    caution: style.strong(signs.caution),
    problem: style.bad(signs.failed),
  }[level];
  const lines = what.split('\n').join('\n   ');
  return ` ${mark} ${style.strong(area)}  ${lines}${hint === undefined ? '' : `\n   ${signs.hint} ${hint}`}`;
}

/** What all of them come to. */
export function renderFindings(findings: readonly Finding[]): string {
  const problems = findings.filter(({ level }) => level === 'problem').length;
  const cautions = findings.filter(({ level }) => level === 'caution').length;
  if (problems + cautions === 0) return 'All is well.';
  return `${problems} problem${problems === 1 ? '' : 's'}, ${cautions} thing${cautions === 1 ? '' : 's'} to look at.`;
}
