import { ToolError } from '@patchbay/server-kit';

/** Why a calculation has no answer. */
export type MathErrorCode =
  | 'INVALID_NUMBER'
  | 'SYNTAX'
  | 'UNKNOWN_NAME'
  | 'WRONG_ARGUMENTS'
  | 'DIVISION_BY_ZERO'
  | 'UNDEFINED'
  | 'OUT_OF_RANGE'
  | 'TOO_COMPLEX'
  | 'UNKNOWN_UNIT'
  | 'INCOMPATIBLE_UNITS'
  | 'SINGULAR';

/** A calculation that cannot be done. In an expression the message starts with the position, counted from 1. */
export class MathError extends ToolError {
  declare readonly code: MathErrorCode;

  constructor(code: MathErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(code, message, options);
  }

  /** The same error, saying where in the expression it happened. */
  at(position: number): MathError {
    const { code, hint } = this;
    const options = { cause: this, ...(hint === undefined ? {} : { hint }) };
    return new MathError(code, `Position ${position}: ${this.message}`, options);
  }
}
