import type { Elicit, ElicitationAnswer, ElicitationRequest } from '@patchbay/core';
import { printable } from '@patchbay/core';
import { renderYesNo } from '../render/approval.ts';
import type { Style } from '../render/style.ts';
import type { LineEditor } from './line-editor.ts';
import type { Screen } from './screen.ts';

type Value = string | number | boolean | string[];
type Field = Readonly<Record<string, unknown>>;

/** Puts a server's question before the user: the fields of a form one by one, or an address to visit. */
export function elicitAt(editor: LineEditor, screen: Screen): Elicit {
  return async (request, signal) => {
    screen.say(
      ` ${screen.style.signs.question} ${screen.style.strong(request.server)} asks: ${request.message}`,
    );
    const agreement = await editor.ask(invitation(request, screen.style), signal);
    const word = agreement.trim().toLowerCase();
    if (word === '') return { action: 'cancel' };
    if (!['y', 'yes'].includes(word)) return { action: 'decline' };
    if (request.mode === 'url') return { action: 'accept' };
    return fillIn(request.schema, (question) => editor.ask(question, signal), screen);
  };
}

function invitation(request: ElicitationRequest, style: Style): string {
  if (request.mode === 'form')
    return `   What you answer goes to this server. Answer? ${renderYesNo(style)} `;
  return `   Visit ${printable(request.url)}\n   Only if you expected it. Done? ${renderYesNo(style)} `;
}

async function fillIn(
  schema: Field,
  ask: (question: string) => Promise<string>,
  screen: Screen,
): Promise<ElicitationAnswer> {
  const properties = Object.entries(isField(schema['properties']) ? schema['properties'] : {});
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const content: Record<string, Value> = {};
  for (const [name, field] of properties) {
    if (!isField(field)) continue;
    for (;;) {
      const typed = (await ask(`   ${describe(name, field)} ${screen.style.signs.answer} `)).trim();
      const read = typed === '' ? readDefault(field, required.includes(name)) : readAs(field, typed);
      if (read.kind === 'value') content[name] = read.value;
      if (read.kind !== 'problem') break;
      screen.line(`     ${read.problem}`);
    }
  }
  return { action: 'accept', content };
}

type Read =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly problem: string };

/** `Size (how large it is; one of S, M, L) [M]` */
function describe(name: string, field: Field): string {
  const title = textOr(field['title'], name);
  const about = [textOr(field['description'], '')].filter(Boolean);
  const choices = choicesOf(field).map(({ title: shown }) => shown);
  const choice = choices.length > 0 ? [`one of ${choices.join(', ')}`] : [];
  const notes = [...about, ...choice, ...(field['type'] === 'boolean' ? ['y or n'] : [])].join('; ');
  const fallback = field['default'] === undefined ? '' : ` [${JSON.stringify(field['default'])}]`;
  return printable(`${title}${notes === '' ? '' : ` (${notes})`}${fallback}`);
}

function readDefault(field: Field, isRequired: boolean): Read {
  const fallback = field['default'];
  if (isValue(fallback)) return { kind: 'value', value: fallback };
  return isRequired
    ? { kind: 'problem', problem: 'This one is needed. Ctrl-C ends the request.' }
    : { kind: 'none' };
}

function readAs(field: Field, typed: string): Read {
  const choices = choicesOf(field);
  if (field['type'] === 'array') {
    const values = typed.split(',').map((each) => matching(choices, each.trim()));
    const known = values.filter((value) => value !== undefined);
    return known.length === values.length ? { kind: 'value', value: known } : notAChoice(choices);
  }
  if (choices.length > 0) {
    const value = matching(choices, typed);
    return value === undefined ? notAChoice(choices) : { kind: 'value', value };
  }
  const type = typeof field['type'] === 'string' ? field['type'] : 'string';
  return READERS[type]?.(typed) ?? { kind: 'value', value: typed };
}

const READERS: Readonly<Record<string, (typed: string) => Read>> = {
  boolean(typed) {
    const isYes = /^(y|yes|true)$/i.test(typed);
    const isNo = /^(n|no|false)$/i.test(typed);
    return isYes || isNo ? { kind: 'value', value: isYes } : { kind: 'problem', problem: 'Write y or n.' };
  },
  number: (typed) => readNumber(typed, Number.isFinite),
  integer: (typed) => readNumber(typed, Number.isInteger),
};

function readNumber(typed: string, isFit: (value: number) => boolean): Read {
  const value = Number(typed);
  return isFit(value) ? { kind: 'value', value } : { kind: 'problem', problem: 'Write a number.' };
}

interface Choice {
  readonly value: string;
  readonly title: string;
}

/** The values of an enumeration, titled or not, single or of the items of a list. */
function choicesOf(field: Field): readonly Choice[] {
  const items = isField(field['items']) ? field['items'] : field;
  const listed = items['oneOf'] ?? items['anyOf'];
  if (Array.isArray(listed)) {
    return listed.flatMap((each) =>
      isField(each) && typeof each['const'] === 'string'
        ? [{ value: each['const'], title: printable(textOr(each['title'], each['const'])) }]
        : [],
    );
  }
  const names = Array.isArray(field['enumNames']) ? field['enumNames'] : [];
  const values: unknown[] = Array.isArray(items['enum']) ? items['enum'] : [];
  return values.map((value, index) => ({ value: String(value), title: String(names[index] ?? value) }));
}

function matching(choices: readonly Choice[], typed: string): string | undefined {
  const wanted = typed.toLowerCase();
  return choices.find(({ value, title }) => [value.toLowerCase(), title.toLowerCase()].includes(wanted))
    ?.value;
}

function notAChoice(choices: readonly Choice[]): Read {
  return { kind: 'problem', problem: `Write one of: ${choices.map(({ title }) => title).join(', ')}.` };
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function isValue(value: unknown): value is Value {
  return ['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value);
}

function isField(value: unknown): value is Field {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
