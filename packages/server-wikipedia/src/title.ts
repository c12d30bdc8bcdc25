import { ToolError } from '@patchbay/server-kit';

/** Characters that no title has, some of which would ask for several pages or a part of one; and what begins an address. */
const UNUSABLE = /[#<>[\]{}|\p{Cc}\uFFFD]|^https?:\/\//iu;

/**
 * The title as it is asked for.
 *
 * @throws {ToolError} `INVALID_TITLE`.
 */
export function checkTitle(title: string): string {
  const trimmed = title.trim();
  if (trimmed === '' || UNUSABLE.test(trimmed) || !trimmed.isWellFormed()) throw invalidTitle(title);
  return trimmed;
}

/** Says that no page can have this title. */
export function invalidTitle(title: string): ToolError {
  return new ToolError('INVALID_TITLE', `"${title.toWellFormed()}" cannot be the title of a page`, {
    hint:
      'Give the title alone, such as "Alan Turing": no address, no "#section" (there is a field for it) and no ' +
      '"de:" in front (use lang).',
  });
}

/** Says that there is no such page, and which there are. */
export function pageNotFound(
  title: string,
  { lang, closest }: { lang: string; closest: readonly string[] },
): ToolError {
  const hint =
    closest.length === 0
      ? 'Find the title with search, or try another language.'
      : `Closest: ${closest.map((found) => `"${found}"`).join(', ')}. Or find the title with search.`;
  return new ToolError('PAGE_NOT_FOUND', `${lang}.wikipedia has no page "${title}"`, { hint });
}
