/** Something that was looked at. What is not right has a remedy. */
export interface Finding {
  readonly area: string;
  /** `problem`: it does not work; `caution`: it works, but not as well as it could. */
  readonly level: 'ok' | 'caution' | 'problem';
  readonly what: string;
  readonly hint?: string | undefined;
  /** The same as figures, for programs. */
  readonly data?: Readonly<Record<string, unknown>>;
}
