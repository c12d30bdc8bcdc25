export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value, where it has one: `.env` files often hold names without. */
export function ifSet(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}

/** The names that a text asks for and that are not set. */
export class MissingVariable extends Error {
  override readonly name = 'MissingVariable';
  readonly variable: string;

  constructor(variable: string) {
    super(`\${${variable}} is not set`);
    this.variable = variable;
  }
}

/**
 * Replaces `${VAR}` and `${VAR:-default}` in one pass, so that a value which itself contains `${…}` stays as it is.
 * The default also stands in for an empty value, as in a shell. `$${` is a `${` that stays.
 *
 * @throws {MissingVariable} for `${VAR}` that is not set.
 */
export function expandVariables(text: string, env: Environment): string {
  return text.replaceAll(
    /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g,
    (_match, name?: string, fallback?: string) => {
      if (name === undefined) return '${';
      const value = env[name];
      if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
      if (value === undefined) throw new MissingVariable(name);
      return value;
    },
  );
}
