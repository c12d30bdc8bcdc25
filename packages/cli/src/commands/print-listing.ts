import type { Listing } from '@patchbay/core';
import { printable } from '@patchbay/core';
import type { CliArguments } from '../command-line/arguments.ts';
import type { Style } from '../render/style.ts';
import { styleFor } from '../render/style.ts';
import type { Terminal } from '../terminal.ts';
import { line, lineOfJson } from '../terminal.ts';

/** One thing that a server offers: as it is called, and what it is. */
interface Row {
  readonly name: string;
  readonly about: string;
}

export interface ListingOutput {
  /** What `--json` prints of it. */
  readonly json: object;
  readonly rows: readonly Row[];
  readonly failures: Listing<unknown>['failures'];
  /** What is said where there is nothing. */
  readonly none: string;
}

/** Prints what servers offer on stdout; that there is nothing, and which servers could not be asked, on stderr. */
export function printListing(
  { json, rows, failures, none }: ListingOutput,
  { output, display }: CliArguments,
  { stdout, stderr }: Terminal,
): void {
  if (output === 'json') lineOfJson(stdout, json);
  else for (const row of rows) line(stdout, renderRow(row, styleFor(stdout, display)));
  if (rows.length === 0) line(stderr, none);
  for (const { server, reason } of failures) line(stderr, `${server} could not be asked: ${reason}`);
}

function renderRow({ name, about }: Row, style: Style): string {
  return `${style.strong(printable(name))}  ${style.dim(printable(about))}`;
}
