/** One answer of a service that is played here. */
export interface ServiceReply {
  readonly status: number;
  /** Content type; that of JSON by default. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text goes out as it is, all else as JSON. */
  readonly body: unknown;
}

/** The parameters of a request; of one that is repeated the last. */
export type Query = Readonly<Record<string, string>>;

/** Status of the answer to what a service does not document. No real service uses it, so a test sees it. */
export const UNDOCUMENTED = 599;

export function unexpected(problem: string): ServiceReply {
  return { status: UNDOCUMENTED, body: { problem } };
}
