import type { ToolDefinition } from '@patchbay/core';
import { definitionTokens, printable, schemaProblems } from '@patchbay/core';
import type { Finding } from './finding.ts';

/** The size of a context that the share of the tools is told for where no other is set, in tokens. */
const CONTEXT_TOKENS = 128_000;
/** A share of the context from which on tools are searched instead of listed. */
const LARGE_SHARE = 0.05;

/** What is to be known of the tools of one server. */
export function toolFindings(area: string, tools: readonly ToolDefinition[]): Finding[] {
  const findings: Finding[] = [];
  if (tools.length === 0) {
    findings.push({
      area,
      level: 'caution',
      what: 'it has no tools',
      hint: 'Does it need a setting, or a key?',
    });
  }
  const unspoken = tools.filter(({ description = '' }) => description.trim() === '');
  if (unspoken.length > 0) {
    const what = `${unspoken.length} tools without a description: ${names(unspoken)}`;
    findings.push({
      area,
      level: 'caution',
      what,
      hint: 'A model chooses by descriptions: ask its author for them.',
    });
  }
  findings.push(...schemaFindings(area, tools));
  const renamed = tools.filter(({ name, server, tool }) => name !== `${server}__${tool}`);
  if (renamed.length > 0) {
    const shown = renamed.slice(0, 3).map(({ name, tool }) => `${printable(tool)} as ${name}`);
    const what = `${renamed.length} tools have another name for the model: ${shown.join(', ')}`;
    findings.push({ area, level: 'ok', what, data: { renamed: renamed.length } });
  }
  return findings;
}

function schemaFindings(area: string, tools: readonly ToolDefinition[]): Finding[] {
  const findings: Finding[] = [];
  const fates = tools.flatMap((tool) => schemaProblems(tool.inputSchema).map((fate) => ({ tool, ...fate })));
  for (const { tool, kind, providers, reason = '' } of fates) {
    if (kind !== 'impossible') continue;
    const what = `${printable(tool.tool)} cannot be given to ${providers.join(', ')}: ${printable(reason)}`;
    findings.push({
      area,
      level: 'caution',
      what,
      hint: 'The others get it. Its author can change its inputSchema.',
    });
  }
  const rewritten = fates.filter(({ kind }) => kind === 'rewritten');
  if (rewritten.length > 0) {
    const providers = [...new Set(rewritten.flatMap((fate) => fate.providers))];
    const what = `the schemas of ${rewritten.length} tools are said in other words to ${providers.join(', ')}`;
    findings.push({
      area,
      level: 'ok',
      what,
      data: { rewritten: rewritten.map(({ tool }) => tool.tool), providers },
    });
  }
  return findings;
}

/** What the tools of all servers take of a model's context. */
export function* catalogFindings(
  tools: readonly ToolDefinition[],
  contextTokens: number = CONTEXT_TOKENS,
): Generator<Finding> {
  if (tools.length === 0) return;
  const tokens = definitionTokens(tools);
  const share = tokens / contextTokens;
  const percent = (share * 100).toFixed(1);
  const largest = tools
    .map((tool) => ({ name: `${tool.server}.${tool.tool}`, tokens: definitionTokens([tool]) }))
    .toSorted((one, other) => other.tokens - one.tokens)
    .slice(0, 3);
  const top = largest.map((each) => `${printable(each.name)} ${each.tokens}`).join(', ');
  yield {
    area: 'tools',
    level: 'ok',
    what:
      `${tools.length} tools take about ${tokens} tokens, ${percent} % of ${contextTokens}` +
      `${share > LARGE_SHARE ? ', so models search them instead of getting them all' : ''}; the largest: ${top}`,
    data: { tools: tools.length, tokens, share, largest },
  };
}

function names(tools: readonly ToolDefinition[]): string {
  return tools
    .slice(0, 5)
    .map(({ tool }) => printable(tool))
    .join(', ');
}
