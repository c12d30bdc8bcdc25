// A provider in a process of its own, so that its work and its memory are not those of the client. Ends with its input.
import { startFakeProvider } from '@patchbay/testing';

const callsPerTurn = Number(process.argv[2]);

await using provider = await startFakeProvider(({ body, messages }) =>
  body['tool_choice'] === undefined
    ? {
        kind: 'answer',
        toolCalls: Array.from({ length: callsPerTurn }, (_, index) => ({
          name: `bench__tool_${index}`,
          args: { value: messages.length },
        })),
      }
    : { kind: 'answer', text: 'done' },
);
console.log(JSON.stringify({ ...provider.openAiEnv, ...provider.anthropicEnv }));
for await (const _ of process.stdin);
if (provider.problems.length > 0) throw new Error(provider.problems.join('\n'));
