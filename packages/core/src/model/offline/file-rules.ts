import type { Rule } from './plan.ts';
import { readText } from './reading-results.ts';

const QUOTED = String.raw`['"‘’“”「『]([^'"‘’“”」』]+)['"‘’“”」』]`;
const FILE = String.raw`([\w.-]+\.\w+)`;

/** "Write 'Hello' to hello.txt." */
export const writeFileRule: Rule = {
  examples: { en: "Write 'Hello from Patchbay' to hello.txt.", zh: "把'你好'写入hello.txt。" },
  match(text) {
    const [, content, path] =
      new RegExp(String.raw`\b(?:write|put)\b.*?${QUOTED}.*?\b(?:to|into)\b.*?${FILE}`, 'isu').exec(text) ??
      new RegExp(String.raw`把${QUOTED}写(?:入|到)\s*${FILE}`, 'su').exec(text) ??
      [];
    if (content === undefined || path === undefined) return undefined;
    return {
      steps: [() => ({ tool: 'write_file', args: { path, content, overwrite: true } })],
      say([written], language) {
        const name = readText(written, 'path');
        return language === 'zh' ? `已写入 ${name}。` : `Written to ${name}.`;
      },
    };
  },
};
