type Schema = Readonly<Record<string, unknown>>;

const KEYWORDS = ['anyOf', 'description', 'enum', 'format', 'items', 'maximum', 'minimum', 'nullable'];
const OBJECT_KEYWORDS = ['properties', 'required', 'type'];

/** What Gemini says of a tool's parameters, by rules written down from the refusals that its users report. */
export function geminiRefusal(schema: Schema, path = '$'): string | undefined {
  const unknown = Object.keys(schema).find((key) => ![...KEYWORDS, ...OBJECT_KEYWORDS].includes(key));
  if (unknown !== undefined) return `${path}: unknown name "${unknown}"`;
  if (Array.isArray(schema['anyOf'])) {
    if (Object.keys(schema).length > 1) return `${path}: other fields alongside any_of`;
    return schema['anyOf'].map((form: Schema) => geminiRefusal(form, `${path}|`)).find(Boolean);
  }
  switch (schema['type']) {
    case 'object':
      return refusalOfObject(schema, path);
    case 'array':
      return isSchema(schema['items'])
        ? geminiRefusal(schema['items'], `${path}[]`)
        : `${path}: missing items`;
    case 'string':
      return refusalOfEnum(schema, path);
    default:
      return schema['enum'] === undefined && typeof schema['type'] === 'string' ? undefined : `${path}: type`;
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}

function refusalOfEnum({ enum: values = ['a'] }: Schema, path: string): string | undefined {
  const isText = (values as unknown[]).every((each) => typeof each === 'string' && each !== '');
  return isText ? undefined : `${path}: enum`;
}

function refusalOfObject({ properties, required }: Schema, path: string): string | undefined {
  const entries = Object.entries((properties ?? {}) as Record<string, Schema>);
  if (path !== '$' && entries.length === 0) return `${path}: properties should be non-empty`;
  const missing = ((required ?? []) as string[]).find((name) => !entries.some(([key]) => key === name));
  if (missing !== undefined) return `${path}: required ${missing} is not defined`;
  return entries.map(([key, each]) => geminiRefusal(each, `${path}.${key}`)).find(Boolean);
}
