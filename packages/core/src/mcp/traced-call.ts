import { errorMessage } from '../errors.ts';
import { toolRequestTrace } from '../tracing.ts';
import type { Session, ToolRequest } from './session.ts';
import { StdioTransport } from './stdio-transport.ts';
import type { Fields } from './wire/wire.ts';

/** Makes a call as an operation of the trace that it belongs to, and lets the server know which that is. */
export async function tracedCall(
  { protocol, wire: { channel } }: Session,
  request: ToolRequest,
  call: (request: ToolRequest) => Promise<Fields>,
): Promise<Fields> {
  const { sessionId } = channel;
  const trace = await toolRequestTrace(request.name, {
    'mcp.protocol.version': protocol,
    'network.transport': channel instanceof StdioTransport ? 'pipe' : 'tcp',
    ...(sessionId === undefined ? {} : { 'mcp.session.id': sessionId }),
  });
  try {
    const result = await trace.run(() => call({ ...request, _meta: { ...trace.fields() } }));
    if (result['isError'] === true) trace.fail('tool_error');
    return result;
  } catch (error) {
    trace.fail(error instanceof Error ? error.name : '_OTHER', errorMessage(error));
    throw error;
  } finally {
    trace.end();
  }
}
