import type { PythonBackend } from '../backend.ts';

/** Longest time that the imports may take, in milliseconds; usual are 200 to 1500. */
const LIMIT_MS = 20_000;

/** Longest reason, in characters. */
const MAX_REASON_CHARS = 200;

/**
 * Why one of `modules` cannot be imported in an interpreter of `backend`; undefined when all can. Tried in one that is
 * thrown away, because imports stay.
 */
export async function findImportProblem(
  backend: PythonBackend,
  modules: readonly string[],
): Promise<string | undefined> {
  if (modules.length === 0) return undefined;
  try {
    await using session = await backend.openSession();
    const code = `import importlib\nfor name in ${JSON.stringify(modules)}: importlib.import_module(name)`;
    const { ending } = await session.run(code, { timeoutMs: LIMIT_MS, signal: new AbortController().signal });
    if (ending.isLost) return ending.reason;
    if (ending.status === 'ok') return undefined;
    return `${ending.error.type}: ${ending.error.message}`.slice(0, MAX_REASON_CHARS);
  } catch (error) {
    return String(error).slice(0, MAX_REASON_CHARS);
  }
}
