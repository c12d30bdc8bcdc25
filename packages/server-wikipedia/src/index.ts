// The public surface of this package. Every name here is a promise; add one only on purpose.

export { createServer } from './server.ts';
export type { WikipediaToolOptions } from './tools/context.ts';
export type { WikipediaOptions } from './action-api.ts';
export type { Links, Page, PageOption, SearchHit, SearchResults, Wikipedia } from './wikipedia.ts';
export { createWikipedia } from './wikipedia.ts';
