import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { ToolError } from '@patchbay/server-kit';

/** Codes of errors that lie in what was asked for. */
const ASKED = /^(?:UNKNOWN_|PATH_|TOO_LARGE)/;

/** A resource or prompt has no error result: what a tool would answer goes out as an error of the protocol. */
export async function asProtocolError<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const { code, message, hint } = error;
    const isAsked = ASKED.test(code);
    throw new ProtocolError(
      isAsked ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError,
      `${code}: ${message}${hint === undefined ? '' : `. ${hint}`}`,
    );
  }
}
