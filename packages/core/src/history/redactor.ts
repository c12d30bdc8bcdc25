import type { Environment } from '../config/expand-variables.ts';

export type Redactor = (text: string) => string;

/** Shorter values are words that may stand anywhere. */
const MIN_SECRET_CHARS = 8;
const SECRET_NAME = /(KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL)/i;
/** Passwords in addresses, bearer tokens, and the shapes of keys that providers give out. */
const SECRET_SHAPES: readonly [RegExp, string][] = [
  [/(\w+:\/\/[^\s:/@"'\\]*:)[^\s@/"'\\]+(@)/g, '$1[redacted]$2'],
  [/\b(Bearer\s+)[\w.~+/=-]{8,}/gi, '$1[redacted]'],
  [/\b(?:sk|gsk|xox[abp]|gh[pousr]|npm|github_pat|glpat)[-_][\w-]{16,}/g, '[redacted]'],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}/g, '[redacted]'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g, '[redacted]'],
];

/** Takes secrets out of text before it is written: the values of variables that are named like one, and known shapes. */
export function createRedactor(env: Environment): Redactor {
  const values = Object.entries(env)
    .flatMap(([name, value]) => (value !== undefined && SECRET_NAME.test(name) ? [value.trim()] : []))
    .filter((value) => value.length >= MIN_SECRET_CHARS)
    .flatMap(spellings)
    // A value that contains another must go first, or its rest would stay.
    .toSorted((one, other) => other.length - one.length);
  return (text) => {
    let redacted = text;
    for (const value of values) redacted = redacted.replaceAll(value, '[redacted]');
    for (const [shape, replacement] of SECRET_SHAPES) redacted = redacted.replaceAll(shape, replacement);
    return redacted;
  };
}

/** A value as it stands in text, in JSON, and in JSON within JSON, such as the arguments of a call. */
function spellings(value: string): readonly string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, inJson, JSON.stringify(inJson).slice(1, -1)])];
}
