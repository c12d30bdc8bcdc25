import { plainText } from '@patchbay/server-kit';

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
};

/** The text of a search snippet, which is HTML with `<span class="searchmatch">` and character references. */
export function snippetText(html: string): string {
  const withoutTags = html.replaceAll(/<[^<>]*>/gu, '');
  const text = withoutTags.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/giu, decodeReference);
  return plainText(text).replaceAll(/\s+/gu, ' ');
}

function decodeReference(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
}
