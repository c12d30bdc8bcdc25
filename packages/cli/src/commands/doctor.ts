import { PatchbayError } from '@patchbay/core';
import type { CliArguments } from '../command-line/arguments.ts';
import { didYouMean } from '../closest.ts';
import { examineConfiguration } from '../doctor/configuration.ts';
import { examineAll } from '../doctor/examine-all.ts';
import type { Finding } from '../doctor/finding.ts';
import { serverFindings } from '../doctor/servers.ts';
import { readEnvironment } from '../environment.ts';
import { EXIT } from '../exit-code.ts';
import { renderFinding, renderFindings } from '../render/finding.ts';
import { styleFor } from '../render/style.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** `patchbay doctor`: goes the way that a chat goes, and says of each step how it was. Ends with 1 when something is wrong. */
export async function doctorCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  return report(examineAll(args, terminal), args, terminal);
}

/** `patchbay server test math`: the same for one server. */
export async function serverTestCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  return report(examineOne(args, terminal), args, terminal);
}

async function* examineOne(
  { config: named, rest }: CliArguments,
  terminal: Terminal,
): AsyncGenerator<Finding> {
  const { cwd } = terminal;
  const env = await readEnvironment(terminal.env, cwd);
  const { findings, config } = await examineConfiguration(named, { env, cwd });
  if (!config) return yield* findings;
  const servers = config.servers.filter(({ name }) => name === rest[0]);
  if (servers.length > 0) return yield* serverFindings({ ...config, servers }, { env });
  const names = config.servers.map(({ name }) => name).join(', ');
  throw new PatchbayError(
    'SERVER_UNAVAILABLE',
    `${config.source} has no server "${rest[0] ?? ''}"${didYouMean(
      rest[0] ?? '',
      config.servers.map(({ name }) => name),
    )}`,
    {
      hint: `It has: ${names || 'none'}.`,
    },
  );
}

async function report(
  findings: AsyncIterable<Finding>,
  { output, display }: CliArguments,
  { stdout, interrupted }: Terminal,
): Promise<number> {
  const style = styleFor(stdout, display);
  const all: Finding[] = [];
  for await (const finding of findings) {
    interrupted.throwIfAborted();
    all.push(finding);
    if (output !== 'json') line(stdout, renderFinding(finding, style));
  }
  const problems = all.filter(({ level }) => level === 'problem').length;
  const cautions = all.filter(({ level }) => level === 'caution').length;
  if (output === 'json') lineOfJson(stdout, { ok: problems === 0, problems, cautions, findings: all });
  else line(stdout, `\n${renderFindings(all)}`);
  return problems === 0 ? EXIT.ok : EXIT.other;
}
