import type { AskSummary, Conversation, Screen } from '@patchbay/cli';

/** What came of one request: `unreachable` is neither, because it needed a network that there is not. */
type Verdict = 'ok' | 'failed' | 'unreachable';

export interface Stop {
  readonly request: string;
  readonly verdict: Verdict;
  readonly summary: AskSummary | undefined;
}

/** Sends the requests one after the other in one conversation, and judges each by what its tool calls gave. */
export async function takeTour(
  conversation: Conversation,
  requests: readonly string[],
  { screen, signal }: { screen: Screen; signal: AbortSignal },
): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  for (const request of requests) {
    if (signal.aborted) break;
    screen.say(`\n${screen.style.signs.you} ${request}`);
    const summary = await conversation.answer(request, screen, signal);
    const verdict = judge(summary);
    if (verdict === 'unreachable') screen.line('   (no network: this one is not counted)');
    stops.push({ request, verdict, summary });
  }
  return stops;
}

/** `9/9 ok`, and how many could not be tried. */
export function renderVerdict(stops: readonly Stop[]): string {
  const counted = stops.filter(({ verdict }) => verdict !== 'unreachable');
  const ok = counted.filter(({ verdict }) => verdict === 'ok').length;
  const skipped = stops.length - counted.length;
  return `${ok}/${counted.length} ok${skipped > 0 ? `, ${skipped} not counted: no network` : ''}`;
}

function judge(summary: AskSummary | undefined): Verdict {
  if (!summary || summary.stop !== 'answered' || summary.calls.length === 0) return 'failed';
  const failures = summary.calls.flatMap(failureOf);
  if (failures.length === 0) return 'ok';
  return failures.some((text) => text.startsWith('NETWORK:')) ? 'unreachable' : 'failed';
}

/** What a call failed of. A request that was handed on answers in words, even when it failed. */
function failureOf({ tool, isError, result }: AskSummary['calls'][number]): readonly string[] {
  const [, handedOn] = tool === 'ask_server' ? (/^The tool failed: ([^]*)/u.exec(result) ?? []) : [];
  return isError ? [result] : handedOn === undefined ? [] : [handedOn];
}
