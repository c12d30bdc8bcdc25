import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliArguments, Terminal } from '@patchbay/cli';
import {
  chat,
  Conversation,
  line,
  openConversation,
  openSession,
  processTerminal,
  readArguments,
  readEnvironment,
  reportError,
  runCli,
  Screen,
} from '@patchbay/cli';
import { REQUESTS, RESEARCH } from './requests.ts';
import { openSurroundings } from './surroundings.ts';
import type { Stop } from './tour.ts';
import { renderVerdict, takeTour } from './tour.ts';

/** What the demo's servers write goes into the demo's own folder, so nobody is asked about it. */
const ALLOWED = ['notes/save', 'sql/export_csv', 'python/run_python', 'files/write_file'];
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
    const env = await readEnvironment(terminal.env, terminal.cwd);
    await using around = await openSurroundings(resolve(terminal.cwd, args.config ?? CONFIG), env);
    const placed = { ...terminal, env: { ...terminal.env, ...around.env } };
    const isTour = args.command === 'chat' && !argv.includes('chat');
    if (!isTour) return await runCli(withConfig, placed);
    return await tourThenChat(args, { terminal: placed, notes: around.notes });
  } catch (error) {
    return reportError(error, argv, terminal);
  }
}

async function tourThenChat(
  args: CliArguments,
  { terminal, notes }: { terminal: Terminal; notes: readonly string[] },
): Promise<number> {
  await using session = await openSession(args, terminal);
  const isJson = args.output === 'json';
  const stream = isJson ? terminal.stderr : terminal.stdout;
  const { display } = args;
  const isLive = display === 'drawn' && terminal.env['TERM'] !== 'dumb';
  const screen = new Screen(stream, { display, isLive });
  await using conversation = await openConversation(session, screen, { startLimitMs: START_LIMIT_MS });
  for (const note of notes) screen.say(note);
  const { interrupted: signal } = terminal;
  const stops = [
    ...(await takeTour(conversation, REQUESTS, { screen, signal })),
    ...(await research(args, { terminal, screen })),
  ];
  signal.throwIfAborted();

  screen.say(`\n${renderVerdict(stops)}   model: ${conversation.model.label}`);
  for (const note of notes) screen.say(note);
  if (isJson) {
    const { id, label } = conversation.model;
    line(terminal.stdout, JSON.stringify({ model: { id, label }, notes, stops: stops.map(stopJson) }));
  }
  if (!isJson && terminal.stdin.isTTY === true && terminal.stdout.isTTY === true)
    return await chat(conversation, screen, terminal);
  return stops.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
}

/** The same servers for a model that hands requests to one of them at a time; each is started when it is asked. */
async function research(
  args: CliArguments,
  { terminal, screen }: { terminal: Terminal; screen: Screen },
): Promise<readonly Stop[]> {
  screen.say('\nA research assistant: servers are started when they are asked, and ended after.');
  await using session = await openSession({ ...args, isDelegating: true }, terminal);
  await using conversation = new Conversation(session, session.chooseModel().model, {
    log: undefined,
    messages: [],
  });
  return await takeTour(conversation, RESEARCH, { screen, signal: terminal.interrupted });
}

/** A stop of the tour as `--json` shows it: without the conversation, which repeats what is there already. */
function stopJson({ request, verdict, summary }: Stop): object {
  if (!summary) return { request, verdict };
  const { messages: _conversation, ...reported } = summary;
  return { request, verdict, summary: reported };
}
