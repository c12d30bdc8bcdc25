import type { Questions } from './questions.ts';
import type { ToolRequest } from './session.ts';
import { TimeLimits } from './time-limits.ts';
import type { SdkLink } from './wire/sdk-link.ts';
import type { Fields, RequestOptions } from './wire/wire.ts';
import { NoAnswerError } from './wire/wire-errors.ts';

interface SdkCall {
  readonly request: ToolRequest;
  readonly options: RequestOptions;
  readonly questions: Questions;
  /** What the server has answered already: that it needs input. Absent: the call has not been made. */
  readonly answer?: Fields;
}

/** Makes a call by the SDK's client, within the limits that it would have had without. */
export async function callWithSdk(
  link: SdkLink,
  { request, options, questions, answer }: SdkCall,
): Promise<Fields> {
  const { signal, timeoutMs, maxTotalMs = Infinity, onProgress } = options;
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const limits = new TimeLimits({ timeoutMs, maxTotalMs }, questions, () =>
    stop.abort(new Error('no answer in time')),
  );
  const { _meta } = request;
  const meta = _meta ? { _meta: { ..._meta } } : {};
  const params = { name: request.name, arguments: { ...request.arguments }, ...meta };
  const sdkOptions = {
    signal: stop.signal,
    // The limits are ours: the SDK's know nothing of a user who is asked meanwhile.
    timeout: 2 * maxTotalMs,
    onprogress: (progress: Parameters<NonNullable<typeof onProgress>>[0]): void => {
      limits.restart();
      onProgress?.(progress);
    },
  };
  try {
    signal?.throwIfAborted();
    return await (answer ? link.goOn(answer, params, sdkOptions) : link.client.callTool(params, sdkOptions));
  } catch (error) {
    // The SDK gives an abort and a time-out the same code.
    signal?.throwIfAborted();
    if (limits.passed !== undefined) throw new NoAnswerError(limits.passed);
    throw error;
  } finally {
    limits.stop();
    signal?.removeEventListener('abort', onAbort);
  }
}
