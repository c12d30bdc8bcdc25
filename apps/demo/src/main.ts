import { fileURLToPath } from 'node:url';
import type { CliArguments, Terminal } from '@patchbay/cli';
import {
  chat,
  line,
  openConversation,
  openSession,
  processTerminal,
  readArguments,
  reportError,
  runCli,
  Screen,
} from '@patchbay/cli';
import { REQUESTS } from './requests.ts';
import type { Stop } from './tour.ts';
import { renderVerdict, takeTour } from './tour.ts';

/** What the demo's servers write goes into the demo's own folder, so nobody is asked about it. */
const ALLOWED = ['notes/save', 'sql/export_csv', 'python/run_python'];
/** The tour needs every server, however slow the machine. */
const START_LIMIT_MS = 60_000;
const CONFIG = fileURLToPath(new URL('../mcp.json', import.meta.url));

process.exit(await demo(process.argv.slice(2), processTerminal()));

/** Takes the flags and commands of `patchbay`, with the demo's servers; with neither request nor command, the tour. */
async function demo(argv: readonly string[], terminal: Terminal): Promise<number> {
  const isOwnConfig = !argv.includes('--config');
  const allow = ALLOWED.flatMap((tool) => ['--allow', tool]);
  const withConfig = isOwnConfig ? ['--config', CONFIG, ...allow, ...argv] : argv;
  try {
    const args = readArguments(withConfig);
    const isTour = args.command === 'chat' && !argv.includes('chat');
    return isTour ? await tourThenChat(args, terminal) : await runCli(withConfig, terminal);
  } catch (error) {
    return reportError(error, argv, terminal);
  }
}

async function tourThenChat(args: CliArguments, terminal: Terminal): Promise<number> {
  await using session = await openSession(args, terminal);
  const isJson = args.output === 'json';
  const stream = isJson ? terminal.stderr : terminal.stdout;
  const screen = new Screen(stream, { isLive: terminal.env['TERM'] !== 'dumb' });
  await using conversation = await openConversation(session, screen, { startLimitMs: START_LIMIT_MS });
  const stops = await takeTour(conversation, REQUESTS, { screen, signal: terminal.interrupted });
  terminal.interrupted.throwIfAborted();

  screen.line(`\n${renderVerdict(stops)}   model: ${conversation.model.label}`);
  if (isJson) {
    const { id, label } = conversation.model;
    line(terminal.stdout, JSON.stringify({ model: { id, label }, stops: stops.map(stopJson) }));
  }
  if (!isJson && terminal.stdin.isTTY === true && terminal.stdout.isTTY === true)
    return await chat(conversation, screen, terminal);
  return stops.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
}

/** A stop of the tour as `--json` shows it: without the conversation, which repeats what is there already. */
function stopJson({ request, verdict, summary }: Stop): object {
  if (!summary) return { request, verdict };
  const { messages: _conversation, ...reported } = summary;
  return { request, verdict, summary: reported };
}
