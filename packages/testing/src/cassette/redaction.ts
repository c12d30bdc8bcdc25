import { isObject } from '../json.ts';

/** Takes what must not be in a file, or differs between runs, out of it, and puts this run's values back. */
export interface Redaction {
  /** A value with `{{NAME}}` wherever the value of that name stands, in keys and texts alike. */
  hide(value: unknown): unknown;
  /** The same for values that follow each other, where a secret may be cut in pieces at the same place of each. */
  hideInPieces(values: readonly unknown[]): readonly unknown[];
  /** The reverse, as far as this run has values. */
  reveal(value: unknown): unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Shorter values of the environment are words that may stand anywhere. */
const MIN_SECRET_CHARS = 8;
const SECRET_NAME = /(KEY|TOKEN|SECRET|PASSW(OR)?D|CREDENTIAL|AUTHORIZATION)/i;
/** Passwords in addresses, bearer tokens, and the shapes of keys that providers give out. */
const SECRET_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/(\w+:\/\/[^\s:/@"]*:)[^\s@"{}]+(@)/g, '$1{{PASSWORD}}$2'],
  [/\b(Bearer\s+)[\w.~+/=-]{8,}/gi, '$1{{TOKEN}}'],
  [/\b(?:sk|gsk|xox[abp]|gh[pousr])[-_][\w-]{16,}/g, '{{KEY}}'],
  [/\bAKIA[0-9A-Z]{16}\b/g, '{{KEY}}'],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g, '{{TOKEN}}'],
];

/**
 * Hides the given values by their names, the values in `secrets` whose names are those of secrets with the passwords of
 * addresses in it, and what has the shape of a key.
 */
export function createRedaction(values: Environment, secrets: Environment): Redaction {
  const named = [...namedValues(values), ...namedSecrets(secrets)].flatMap(writtenForms);
  // A value that contains another must go first, or its rest would stay.
  const longestFirst = named.toSorted((one, other) => other.value.length - one.value.length);
  const hideText = (text: string): string => {
    let hidden = text;
    for (const { name, value } of longestFirst) hidden = hidden.replaceAll(value, `{{${name}}}`);
    for (const [shape, replacement] of SECRET_SHAPES) hidden = hidden.replaceAll(shape, replacement);
    return hidden;
  };
  const given = namedValues(values);
  const revealText = (text: string): string =>
    given.reduce((shown, { name, value }) => shown.replaceAll(`{{${name}}}`, value), text);
  return {
    hide: (value) => mapTexts(value, hideText),
    hideInPieces: (pieces) => hideInPieces(pieces, hideText),
    reveal: (value) => mapTexts(value, revealText),
  };
}

interface Named {
  readonly name: string;
  readonly value: string;
}

function namedValues(values: Environment): readonly Named[] {
  return Object.entries(values).flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

function namedSecrets(secrets: Environment): readonly Named[] {
  return Object.entries(secrets).flatMap(([name, value = '']) => {
    const password = URL.canParse(value) ? decodeURIComponent(new URL(value).password) : '';
    const own = SECRET_NAME.test(name) ? [value.trim().replace(/^Bearer\s+/i, '')] : [];
    return [...own, password]
      .filter((secret) => secret.length >= MIN_SECRET_CHARS || (secret !== '' && secret === password))
      .map((secret) => ({ name, value: secret }));
  });
}

/** As it is, as it stands within JSON, and as it stands within an address. */
function writtenForms({ name, value }: Named): readonly Named[] {
  const forms = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
  return [...new Set(forms)].map((form) => ({ name, value: form }));
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [change(key), mapTexts(inner, change)]),
  );
}

/**
 * A model that repeats a secret says it in pieces, none of which is one. The texts at the same place of all values are
 * looked at as one; what is hidden there stands whole in the first piece that it touched.
 */
function hideInPieces(values: readonly unknown[], hideText: (text: string) => string): readonly unknown[] {
  const places = new Map<string, { readonly piece: number; readonly text: string }[]>();
  values.forEach((value, piece) => {
    walkTexts(value, '', (place, text) => {
      places.set(place, [...(places.get(place) ?? []), { piece, text }]);
    });
  });
  const changed = new Map<string, string>();
  for (const [place, pieces] of places) {
    const hidden = spread(
      pieces.map(({ text }) => text),
      hideText,
    );
    pieces.forEach(({ piece }, at) => changed.set(`${piece}${place}`, hidden[at] ?? ''));
  }
  return values.map((value, piece) =>
    replaceTexts(value, '', (place, text) => changed.get(`${piece}${place}`) ?? text),
  );
}

/** The pieces of a text after hiding: as they were, unless something is hidden across their bounds. */
function spread(pieces: readonly string[], hideText: (text: string) => string): readonly string[] {
  const alone = pieces.map(hideText);
  const whole = hideText(pieces.join(''));
  if (whole === alone.join('')) return alone;
  return pieces.map((_piece, at) => (at === 0 ? whole : ''));
}

function walkTexts(value: unknown, place: string, visit: (place: string, text: string) => void): void {
  replaceTexts(value, place, (at, text) => {
    visit(at, text);
    return text;
  });
}

function replaceTexts(
  value: unknown,
  place: string,
  change: (place: string, text: string) => string,
): unknown {
  if (typeof value === 'string') return change(place, value);
  if (Array.isArray(value)) return value.map((item, at) => replaceTexts(item, `${place}/${at}`, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, replaceTexts(inner, `${place}/${key}`, change)]),
  );
}
