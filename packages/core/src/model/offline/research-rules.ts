import type { ToolResult } from '../../tools.ts';
import type { Rule } from './plan.ts';
import { readList, readText } from './reading-results.ts';

/** Papers that are named in an answer. */
const SHOWN_PAPERS = 3;

/** "Find papers on arXiv about attention." */
export const papersRule: Rule = {
  examples: { en: 'Find papers on arXiv about attention.', zh: '在arXiv上找关于attention的论文。' },
  match(text) {
    const topic =
      /\bpapers?\b.*?\barxiv\b.*?\babout\s+(.+?)[.?!]*$/isu.exec(text)?.[1] ??
      /arxiv.*?关于\s*(.+?)\s*的?论文/isu.exec(text)?.[1];
    if (topic === undefined) return undefined;
    return {
      steps: [() => ({ tool: 'search_papers', args: { query: topic, max_results: SHOWN_PAPERS } })],
      say([found], language) {
        const papers = readList(found, 'papers').map(
          ({ title, id }) => `- ${String(title)} (arXiv:${String(id)})`,
        );
        if (papers.length === 0) return readText(found);
        const total = readText(found, 'total');
        const head = language === 'zh' ? `arXiv 上有 ${total} 篇:` : `arXiv has ${total}:`;
        return [head, ...papers].join('\n');
      },
    };
  },
};

/** "What does Wikipedia say about Alan Turing?" */
export const encyclopediaRule: Rule = {
  examples: { en: 'What does Wikipedia say about Alan Turing?', zh: '维基百科怎么介绍图灵?' },
  match(text) {
    const english = /\bwikipedia\b.*?\b(?:about|of|on)\s+(.+?)[.?!]*$/isu.exec(text)?.[1];
    const chinese = /维基百科(?:上)?(?:怎么|如何)?(?:介绍|说|描述)\s*(.+?)(?:的)?[?？。!！]*$/su.exec(
      text,
    )?.[1];
    const title = english ?? chinese;
    if (title === undefined) return undefined;
    const lang = english === undefined ? { lang: 'zh' } : {};
    return {
      steps: [
        () => ({ tool: 'search', args: { query: title, limit: 1, ...lang } }),
        ([found]) => {
          const [best] = readList(found, 'results');
          if (best === undefined) return { answer: readText(found) };
          return { tool: 'get_summary', args: { title: String(best['title']), ...lang } };
        },
      ],
      say([, page]) {
        const options = readList(page, 'options').map((option) => String(option['title']));
        if (options.length > 0) return `${readText(page, 'title')}: ${options.join('; ')}`;
        return `${readText(page, 'summary')}\n(${readText(page, 'url')}, ${readText(page, 'license')})`;
      },
    };
  },
};

/** "Research attention in arXiv and Wikipedia.": each of them asked through a run of its own. */
export const researchRule: Rule = {
  examples: {
    en: 'Research attention in arXiv and Wikipedia.',
    zh: '在arXiv和维基百科中研究图灵。',
  },
  match(text) {
    const english = /\bresearch\s+(?:the\s+)?(.+?)\s+(?:in|on)\s+arxiv\s+and\s+wikipedia\b/isu.exec(
      text,
    )?.[1];
    const chinese = /在\s*arxiv\s*和维基百科(?:中|里|上)?研究\s*(.+?)[。.!！]*$/isu.exec(text)?.[1];
    const topic = english ?? chinese;
    if (topic === undefined) return undefined;
    const isEnglish = english !== undefined;
    const ask = (server: string, rule: Rule): { tool: string; args: Record<string, unknown> } => {
      const [example, sample] = isEnglish ? [rule.examples.en, SAMPLES.en] : [rule.examples.zh, SAMPLES.zh];
      return { tool: 'ask_server', args: { server, query: example.replace(sample, topic) } };
    };
    return {
      steps: [() => ask('arxiv', papersRule), () => ask('wikipedia', encyclopediaRule)],
      say: ([papers, page]: readonly ToolResult[]) => `${readText(papers)}\n\n${readText(page)}`,
    };
  },
};

/** What the examples above are about. */
const SAMPLES = { en: /attention|Alan Turing/u, zh: /attention|图灵/u } as const;
