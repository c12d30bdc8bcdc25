/** One line of JSON to a process that runs Python, after the order that it boots from. */
export type RunnerRequest =
  | { readonly kind: 'run'; readonly id: number; readonly code: string; readonly timeoutMs: number }
  | { readonly kind: 'variables'; readonly id: number };

export interface PrintedText {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * One line of JSON in answer. `outcome` and `variables` hold what the Python side said, which is of no known form
 * before the server has checked it: the code that runs shares the process with what answers.
 */
export type RunnerReply<Outcome = unknown, Variables = unknown> =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'printed'; readonly id: number } & PrintedText)
  | { readonly kind: 'crashed'; readonly id: number; readonly message: string }
  | ({
      readonly kind: 'ran';
      readonly id: number;
      readonly isInterrupted: boolean;
      readonly outcome: Outcome;
    } & PrintedText)
  | { readonly kind: 'variables'; readonly id: number; readonly variables: Variables };
