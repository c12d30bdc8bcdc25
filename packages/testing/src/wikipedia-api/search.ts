import type { Query, ServiceReply } from '../web-service/reply.ts';
import { unexpected } from '../web-service/reply.ts';
import type { Article } from './articles.ts';
import { ARTICLES } from './articles.ts';

/** What the spelling help knows. */
const SUGGESTIONS: Readonly<Record<string, string>> = {
  'alan turning': 'alan turing',
  'transformr network': 'transformer network',
};

/** Plays `list=search`: every word has to be in the title or text; titles with a word come first. */
export function search(lang: string, query: Query): ServiceReply {
  const { list, srsearch = '', srlimit = '10', sroffset = '0' } = query;
  if (list !== 'search') return unexpected(`unknown list ${list}`);
  const [limit, offset] = [Number(srlimit), Number(sroffset)];
  if (!(limit >= 1 && limit <= 500 && offset >= 0)) return unexpected('srlimit is from 1 to 500');
  const words = srsearch.toLowerCase().replaceAll('"', '').split(/\s+/u).filter(Boolean);
  const found = ARTICLES.filter((article) => article.lang === lang && matches(article, words));
  const inTitle = ({ title }: Article): boolean => words.some((word) => title.toLowerCase().includes(word));
  const ranked = found.toSorted((a, b) => Number(inTitle(b)) - Number(inTitle(a)));
  const suggestion = SUGGESTIONS[srsearch.toLowerCase()];
  const next = offset + limit < ranked.length ? { sroffset: offset + limit, continue: '-||' } : undefined;
  return {
    status: 200,
    body: {
      ...(next ? { continue: next } : { batchcomplete: true }),
      query: {
        searchinfo: { totalhits: ranked.length, ...(suggestion !== undefined && { suggestion }) },
        search: ranked.slice(offset, offset + limit).map((article) => ({
          ns: 0,
          title: article.title,
          pageid: article.id,
          wordcount: article.extract.split(/\s+/u).length,
          snippet: snippet(article.extract, words),
        })),
      },
    },
  };
}

function matches({ title, extract }: Article, words: readonly string[]): boolean {
  const text = `${title}\n${extract}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The beginning of the text as HTML, with the words that were found marked. */
function snippet(text: string, words: readonly string[]): string {
  const escaped = text
    .slice(0, 150)
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#039;');
  const marked = escaped.split(/\b/u).map((part) => {
    const isFound = words.includes(part.toLowerCase());
    return isFound ? `<span class="searchmatch">${part}</span>` : part;
  });
  return marked.join('');
}
