/** Control characters other than tab and newline, and invisible ones that reverse or isolate the text around them. */
const UNSAFE = /(?![\t\n])[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Text from outside, fit to be shown: no terminal escapes, no bidi controls, no broken characters. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll(UNSAFE, '').trim();
}

/** The same as one line of at most `maxLength` characters. */
export function oneLine(text: string, maxLength = 200): string {
  const line = plainText(text.replaceAll(/\p{Cc}/gu, ' ')).replaceAll(/\s+/gu, ' ');
  return line.length > maxLength ? `${line.slice(0, maxLength).toWellFormed()}…` : line;
}
