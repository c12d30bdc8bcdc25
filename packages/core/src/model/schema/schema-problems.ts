import type { JsonSchema } from '../../tools.ts';
import { PROVIDERS } from '../providers.ts';
import { SCHEMA_DIALECTS } from './dialects.ts';
import { rewriteSchema } from './rewrite-schema.ts';

/** What becomes of the schema of a tool's arguments at the providers that do not take it as it is. */
export interface SchemaProblem {
  /** `rewritten`: said in other words, and the arguments put back; `impossible`: they cannot be given the tool. */
  readonly kind: 'rewritten' | 'impossible';
  /** Names of providers, as in `provider/model`. */
  readonly providers: readonly string[];
  /** Why it is impossible. */
  readonly reason?: string;
}

/** How a schema fares at every provider that is known. Empty when all take it as it is. */
export function schemaProblems(schema: JsonSchema): readonly SchemaProblem[] {
  const rewritten: string[] = [];
  const impossible: string[] = [];
  let reason: string | undefined;
  // Which dialect a schema is written in is nothing that a model is told.
  const told = Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== '$schema'));
  for (const { name, schemas } of PROVIDERS) {
    const result = rewriteSchema(told, SCHEMA_DIALECTS[schemas]);
    if (result.kind === 'impossible') {
      impossible.push(name);
      reason ??= result.reason;
    } else if (result.codec.schema !== told) rewritten.push(name);
  }
  return [
    ...(impossible.length > 0
      ? [{ kind: 'impossible', providers: impossible, ...(reason && { reason }) } as const]
      : []),
    ...(rewritten.length > 0 ? [{ kind: 'rewritten', providers: rewritten } as const] : []),
  ];
}
