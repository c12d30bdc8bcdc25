import type { ToolDefinition, ToolResult } from '../../tools.ts';
import { outcomeText } from '../../tools.ts';
import type { LanguageModel, Message, ModelEvent, ModelRequest } from '../language-model.ts';
import { messageText } from '../language-model.ts';
import { scriptedModel } from '../scripted.ts';
import { arithmeticRules, calculateRule } from './arithmetic-rules.ts';
import { recallRule } from './note-rules.ts';
import { writeFileRule } from './file-rules.ts';
import type { Language, Plan, Rule } from './plan.ts';
import { languageOf } from './plan.ts';
import { firstRowRule, pythonCodeRule, randomNumbersRule } from './python-rules.ts';
import { encyclopediaRule, papersRule, researchRule } from './research-rules.ts';
import { exportRule, registeredRule, rowCountRule, tableCountRule } from './sql-rules.ts';
import { weatherRule } from './weather-rules.ts';

/** The more particular rule first. */
const RULES: readonly Rule[] = [
  firstRowRule,
  pythonCodeRule,
  randomNumbersRule,
  registeredRule,
  ...arithmeticRules,
  recallRule,
  rowCountRule,
  exportRule,
  tableCountRule,
  weatherRule,
  researchRule,
  papersRule,
  encyclopediaRule,
  writeFileRule,
  calculateRule,
];

/** Requests that the planner recognises, for people to try. */
export function plannerExamples(language: Language): readonly string[] {
  return RULES.map(({ examples }) => examples[language]);
}

/**
 * Stands in for a model where there is no key: a handful of rules that recognise sample requests and choose tool
 * calls. It is not an AI model and says so; every number that it shows comes from a server.
 */
export function offlinePlanner(): LanguageModel {
  return scriptedModel((request) => [decide(request)], {
    id: 'offline/planner',
    label: 'offline planner (rule-based, not an AI model)',
  });
}

function decide({ messages, tools }: ModelRequest): ModelEvent {
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const texts = messages.slice(0, asked + 1).flatMap(toUserText);
  const text = texts.at(-1) ?? '';
  const language = languageOf(text);
  const results = messages.slice(asked + 1).flatMap(toResults);

  const failure = results.find(({ isError }) => isError);
  if (failure) return say(FAILED[language] + outcomeText(failure));
  const found = findPlan(text, texts.slice(0, -1));
  if (!found) return say(unknownRequest(language));
  const step = found.steps[results.length];
  if (!step) return say(found.say(results, language));

  const next = step(results);
  if ('answer' in next) return say(next.answer);
  const definition = tools.find(({ tool }) => tool === next.tool);
  return definition ? toCall(definition, next.args, results.length) : say(MISSING[language] + next.tool);
}

function findPlan(text: string, earlier: readonly string[]): Plan | undefined {
  for (const rule of RULES) {
    const found = rule.match(text, earlier);
    if (found) return found;
  }
  return undefined;
}

function toUserText(message: Message): string[] {
  return message.role === 'user' ? [messageText(message)] : [];
}

function toResults(message: Message): readonly ToolResult[] {
  return message.role === 'tool' ? message.results : [];
}

function toCall(
  { name }: ToolDefinition,
  args: Readonly<Record<string, unknown>>,
  index: number,
): ModelEvent {
  return { type: 'tool-call', call: { id: `plan_${index}`, name, argumentsJson: JSON.stringify(args) } };
}

function say(text: string): ModelEvent {
  return { type: 'text-delta', text };
}

function unknownRequest(language: Language): string {
  const examples = plannerExamples(language).map((example) => `- ${example}`);
  return [UNKNOWN[language], ...examples, FOR_MORE[language]].join('\n');
}

const FAILED: Readonly<Record<Language, string>> = { en: 'The tool failed: ', zh: '工具出错:' };
const MISSING: Readonly<Record<Language, string>> = {
  en: 'I cannot do that: no connected server offers the tool ',
  zh: '做不到:没有已连接的服务器提供工具 ',
};
const UNKNOWN: Readonly<Record<Language, string>> = {
  en: 'I am the offline planner: a few rules, not an AI model. I recognise only requests like these:',
  zh: '我是离线规划器:只有几条规则,不是 AI 模型。我只认识这样的请求:',
};
const FOR_MORE: Readonly<Record<Language, string>> = {
  en: 'For anything else set a key in .env (see .env.example).',
  zh: '其他请求请在 .env 中设置密钥(见 .env.example)。',
};
