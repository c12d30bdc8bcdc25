/** Why a cassette is of no use: not there, not readable, not able to hold something, or departed from. */
export type CassetteErrorCode =
  | 'CASSETTE_DEPARTED'
  | 'CASSETTE_INVALID'
  | 'CASSETTE_MISSING'
  | 'CASSETTE_UNSUPPORTED';

/** What opening and finishing a cassette throw. Branch on `code`; the message is for people. */
export class CassetteError extends Error {
  override readonly name = 'CassetteError';
  readonly code: CassetteErrorCode;

  constructor(code: CassetteErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
