// What a fixture server answers: the least that a server does, so that what is measured is the client.

const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';
const serverInfo = { name: 'bench', version: '1.0.0' };
const capabilities = { tools: {} };

const { BENCH_ERA = 'legacy', BENCH_TOOLS = '2', BENCH_OUTPUT_SCHEMAS = '' } = process.env;
const stamp = BENCH_ERA === 'modern' ? { resultType: 'complete' } : {};
const cache = BENCH_ERA === 'modern' ? { ttlMs: 0, cacheScope: 'private' } : {};
const list = { ...stamp, ...cache, tools: tools(Number(BENCH_TOOLS), BENCH_OUTPUT_SCHEMAS !== '') };
const blobs = new Map();

/** The answer to one message as the pieces of its text, or nothing for a notification. */
export function answer({ id, method, params }) {
  if (id === undefined) return undefined;
  if (method === 'tools/call') return call(id, params);
  const result = resultOf(method);
  const body = result ? { result } : { error: { code: -32601, message: 'Method not found' } };
  return [JSON.stringify({ jsonrpc: '2.0', id, ...body })];
}

function call(id, { name, arguments: args }) {
  if (name === 'blob') return blob(id, args.mib);
  const result = { ...stamp, content: [{ type: 'text', text: args.text ?? '' }] };
  return [JSON.stringify({ jsonrpc: '2.0', id, result })];
}

/** A text of `mib` MiB less 1 KiB, so that 64 MiB with its envelope stays below a limit of 64 MiB. */
function blob(id, mib) {
  if (!blobs.has(mib)) blobs.set(mib, Buffer.alloc(mib * 1024 * 1024 - 1024, 'lorem ipsum '));
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(stamp).slice(0, -1)}`;
  const comma = BENCH_ERA === 'modern' ? ',' : '';
  return [`${head}${comma}"content":[{"type":"text","text":"`, blobs.get(mib), '"}]}}'];
}

function resultOf(method) {
  switch (method) {
    case 'initialize':
      return { protocolVersion: LEGACY, capabilities, serverInfo };
    case 'server/discover':
      if (BENCH_ERA !== 'modern') return undefined;
      return {
        ...stamp,
        ...cache,
        supportedVersions: [MODERN],
        capabilities,
        _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
      };
    case 'tools/list':
      return list;
    case 'ping':
      return {};
    default:
      return undefined;
  }
}

function tools(count, hasOutputSchemas) {
  return Array.from({ length: count }, (_, index) => ({
    name: index === 0 ? 'echo' : index === 1 ? 'blob' : `tool_${index}`,
    description:
      `Tool number ${index}, which does something with its input and says what came of it. `.repeat(3),
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 12 }, (_each, key) => [`part${key}`, property(key)]),
      ),
    },
    ...(hasOutputSchemas && index > 1 && index % 3 === 0
      ? { outputSchema: { type: 'object', properties: { [`sum${index}`]: property(index) } } }
      : {}),
  }));
}

function property(index) {
  return {
    type: 'string',
    description: `What the tool is to do with part ${index} of its input, said in one sentence of usual length.`,
  };
}
