/** The marks that lines begin with and are parted by. */
export interface Signs {
  readonly ok: string;
  readonly failed: string;
  readonly caution: string;
  readonly called: string;
  readonly running: string;
  readonly idle: string;
  readonly waiting: string;
  readonly stopped: string;
  /** What to do about it. */
  readonly hint: string;
  /** What happens now. */
  readonly next: string;
  readonly result: string;
  readonly question: string;
  /** Between a server and what it has. */
  readonly within: string;
  /** Between facts in a row. */
  readonly between: string;
  /** Where the user types. */
  readonly you: string;
  readonly answer: string;
  /** Whether a letter that is to be typed stands in brackets. */
  readonly hasBrackets: boolean;
}

export const DRAWN: Signs = {
  ok: '✓',
  failed: '✗',
  caution: '!',
  called: '●',
  running: '○',
  idle: '·',
  waiting: '…',
  stopped: '⏹',
  hint: '→',
  next: '→',
  result: '└',
  question: '?',
  within: ' › ',
  between: ' · ',
  you: 'you ›',
  answer: '›',
  hasBrackets: true,
};

/** For who listens instead of looking: a sign is read as its Unicode name, or not at all. */
export const WORDS: Signs = {
  ok: 'ok:',
  failed: 'problem:',
  caution: 'caution:',
  called: 'called',
  running: 'running',
  idle: 'asleep:',
  waiting: 'waiting:',
  stopped: 'stopped:',
  hint: 'what to do:',
  next: 'now:',
  result: 'result:',
  question: 'question:',
  within: ': ',
  between: ', ',
  you: 'you:',
  answer: 'answer:',
  hasBrackets: false,
};
