import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import { addArticleResource } from './resources/article.ts';
import type { WikipediaToolOptions } from './tools/context.ts';
import { addGetArticle } from './tools/get-article.ts';
import { addGetLanguages } from './tools/get-languages.ts';
import { addGetLinks } from './tools/get-links.ts';
import { addGetSections } from './tools/get-sections.ts';
import { addGetSummary } from './tools/get-summary.ts';
import { addSearch } from './tools/search.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(options: WikipediaToolOptions): McpServer {
  const server = createMcpServer(manifest);
  addSearch(server, options);
  addGetSummary(server, options);
  addGetArticle(server, options);
  addGetSections(server, options);
  addGetLinks(server, options);
  addGetLanguages(server, options);
  addArticleResource(server, options);
  return server;
}
