import type { Questions } from './questions.ts';
import type { ToolRequest } from './session.ts';
import { withinLimits } from './within-limits.ts';
import type { SdkLink } from './wire/sdk-link.ts';
import type { Fields, RequestOptions } from './wire/wire.ts';

interface SdkCall {
  readonly request: ToolRequest;
  readonly options: RequestOptions;
  readonly questions: Questions;
  /** What the server has answered already: that it needs input. Absent: the call has not been made. */
  readonly answer?: Fields;
}

/** Makes a call by the SDK's client, within the limits that it would have had without. */
export function callWithSdk(
  link: SdkLink,
  { request, options, questions, answer }: SdkCall,
): Promise<Fields> {
  const { _meta } = request;
  const meta = _meta ? { _meta: { ..._meta } } : {};
  const params = { name: request.name, arguments: { ...request.arguments }, ...meta };
  return withinLimits({ ...options, questions }, (sdkOptions) =>
    answer ? link.goOn(answer, params, sdkOptions) : link.client.callTool(params, sdkOptions),
  );
}
