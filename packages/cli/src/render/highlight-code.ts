import { styleText } from 'node:util';
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';

for (const [name, language] of Object.entries({ bash, javascript, json, python, sql, typescript }))
  hljs.registerLanguage(name, language);

const COLORS: Readonly<Record<string, Parameters<typeof styleText>[0]>> = {
  attr: 'cyan',
  built_in: 'cyan',
  comment: 'gray',
  keyword: 'magenta',
  literal: 'yellow',
  number: 'yellow',
  string: 'green',
  title: 'blue',
  type: 'cyan',
};
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', gt: '>', lt: '<', quot: '"', '#x27': "'" };
const TOKEN = /<span class="hljs-(\w+)[^"]*">|<\/span>|&([#\w]+);|[^<&]+/g;

/** Code with its words coloured, as far as its language is known; else as it is. */
export function highlightCode(code: string, language?: string): string {
  if (language === undefined || !hljs.getLanguage(language)) return code;
  const html = hljs.highlight(code, { language, ignoreIllegals: true }).value;
  const open: string[] = [];
  return Array.from(html.matchAll(TOKEN), ([token, scope, entity]) => {
    if (scope !== undefined) open.push(scope);
    if (token === '</span>') open.pop();
    if (scope !== undefined || token === '</span>') return '';
    const text = entity === undefined ? token : (ENTITIES[entity] ?? token);
    const color = COLORS[open.at(-1) ?? ''];
    return color === undefined ? text : styleText(color, text, { validateStream: false });
  }).join('');
}
