import { errorMessage } from '../errors.ts';
import type { LanguageModel } from '../model/language-model.ts';
import { userMessage } from '../model/language-model.ts';
import type { CheckedServers } from '../surface/server-health.ts';
import { SERVER_HEALTH, serverHealth, unknownServer } from '../surface/server-health.ts';
import type { ToolDefinition, ToolOutcome, ToolSource } from '../tools.ts';
import { textOutcome } from '../tools.ts';
import type { Usage } from '../usage.ts';
import { addUsage } from '../usage.ts';
import type { ApprovalPolicy } from './approval.ts';
import type { RunLimits } from './limits.ts';
import { run } from './run.ts';

/** What delegation needs of the host: who there is, and a session with one of them for as long as it takes. */
export interface Sessions extends CheckedServers {
  /** Throws `SERVER_UNAVAILABLE` when the server does not start, or there is none of that name. */
  withSession<T>(name: string, work: (tools: ToolSource) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export interface DelegationOptions {
  readonly sessions: Sessions;
  /** Works on the delegated request, with the tools of the one server. */
  readonly model: LanguageModel;
  readonly limits?: RunLimits;
  readonly approve?: ApprovalPolicy;
}

const ASK_SERVER: ToolDefinition = {
  name: 'patchbay__ask_server',
  server: 'patchbay',
  tool: 'ask_server',
  description:
    'Hands a query to one server by its name: an assistant works on it with the tools of that server alone and gives back ' +
    'its answer. The server runs only as long as that takes. server_health lists the servers.',
  inputSchema: {
    type: 'object',
    properties: {
      server: { type: 'string', description: 'Name of the server' },
      query: {
        type: 'string',
        description: 'What to find out or do, in words, with all that has to be known for it',
      },
    },
    required: ['server', 'query'],
    additionalProperties: false,
  },
};

/**
 * Two tools in place of those of all servers: the model picks a server by name and hands a request on, which a run of
 * its own answers over that server's tools. A server is started when it is needed and let go after; one that fails is
 * an answer that says so, and touches no other.
 */
export function delegatingTools(options: DelegationOptions): ToolSource {
  return {
    listTools: () => [ASK_SERVER, SERVER_HEALTH],
    callTool(name, args, signal) {
      if (name === SERVER_HEALTH.name) return serverHealth(options.sessions, args, signal);
      if (name === ASK_SERVER.name) return askServer(options, args, signal);
      return Promise.resolve(textOutcome(`There is no tool named "${name}".`, true));
    },
  };
}

async function askServer(
  { sessions, model, limits, approve }: DelegationOptions,
  args: unknown,
  signal?: AbortSignal,
): Promise<ToolOutcome> {
  const z = await import('zod');
  const AskServer = z.object({ server: z.string().max(200), query: z.string().min(1).max(20_000) });
  const { data, error } = AskServer.safeParse(args);
  if (!data) return textOutcome(`${ASK_SERVER.name}: ${z.prettifyError(error)}`, true);
  const names = sessions.servers().map(({ server }) => server);
  if (!names.includes(data.server)) return unknownServer(data.server, names);
  const system = `You work on one request with the tools of the server "${data.server}". Answer it in full: only your answer is passed on.`;
  const messages = [userMessage(data.query)];
  try {
    const work = (tools: ToolSource): Promise<ToolOutcome> =>
      answerOf(run({ model, tools, messages, system, limits, approve, signal }));
    return await sessions.withSession(data.server, work, signal);
  } catch (failure) {
    signal?.throwIfAborted();
    return textOutcome(errorMessage(failure), true);
  }
}

async function answerOf(events: ReturnType<typeof run>): Promise<ToolOutcome> {
  let answer = '';
  let note = '';
  let usage: Usage | undefined;
  for await (const event of events) {
    if (event.type === 'turn-start' || event.type === 'limit-reached') answer = '';
    if (event.type === 'limit-reached') note = `\n(Stopped at a limit: ${event.limit}.)`;
    if (event.type === 'answer-cut') note = '\n(This answer is not whole: it was too long.)';
    if (event.type === 'text-delta') answer += event.text;
    if (event.type === 'usage') usage = usage ? addUsage(usage, event.usage) : event.usage;
  }
  const outcome = textOutcome(answer === '' ? '(no answer)' : answer + note, false);
  return usage ? { ...outcome, usage } : outcome;
}
