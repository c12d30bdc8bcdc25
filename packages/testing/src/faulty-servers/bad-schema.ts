// bad-schema: the tool `bad` has an output schema that cannot be compiled, and answers with structured content; `echo`
// works.

import { serveRaw, textResult, toolDefinition } from './raw-server.ts';

const outputSchema = { type: 'object', properties: { value: { type: 'string', pattern: '(' } } };

serveRaw({
  tools: ['bad', 'echo'],
  intercept(method) {
    if (method !== 'tools/list') return undefined;
    return { result: { tools: [{ ...toolDefinition('bad'), outputSchema }, toolDefinition('echo')] } };
  },
  call: (tool) =>
    tool === 'bad'
      ? { result: { content: [{ type: 'text', text: 'x' }], structuredContent: { value: 'x' } } }
      : textResult('fine'),
});
