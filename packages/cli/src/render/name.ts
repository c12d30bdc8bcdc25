import manifest from '../../package.json' with { type: 'json' };
import type { Style } from './style.ts';

/** What the banner begins with. */
export function renderName({ strong }: Pick<Style, 'strong'>): string {
  return strong(`patchbay ${manifest.version}`);
}
