import type { Tool } from '@modelcontextprotocol/client';
import { errorMessage } from '../errors.ts';
import { compileSchema } from '../json-schema.ts';
import type { JsonSchema } from '../tools.ts';
import type { Fields } from './wire/wire.ts';

type Check = (result: Fields) => void;

/** What the tools of one server promise of their results. A promise is looked at when its tool is called first. */
export class OutputSchemas {
  readonly #schemas = new Map<string, JsonSchema>();
  readonly #checks = new Map<string, Promise<Check>>();

  /** Takes what the server lists now. */
  take(tools: readonly Tool[]): void {
    this.#schemas.clear();
    this.#checks.clear();
    for (const { name, outputSchema } of tools) if (outputSchema) this.#schemas.set(name, outputSchema);
  }

  has(tool: string): boolean {
    return this.#schemas.has(tool);
  }

  /** A function that throws when a result is not what the tool promises. Rejects when the promise makes no sense. */
  check(tool: string): Promise<Check> {
    const known = this.#checks.get(tool);
    if (known) return known;
    const made = makeCheck(tool, this.#schemas.get(tool) ?? {});
    this.#checks.set(tool, made);
    return made;
  }
}

async function makeCheck(tool: string, schema: JsonSchema): Promise<Check> {
  const validate = await compileSchema(schema).catch((error: unknown) => {
    const reason = errorMessage(error).slice(0, 200);
    throw new Error(`Tool '${tool}' has an invalid outputSchema: ${reason}`, { cause: error });
  });
  return ({ structuredContent, isError }) => {
    if (isError === true) return;
    if (structuredContent === undefined)
      throw new Error(`Tool ${tool} has an output schema but did not return structured content`);
    const problem = validate(structuredContent);
    if (problem !== undefined)
      throw new Error(`Structured content does not match the tool's output schema: ${problem}`);
  };
}
