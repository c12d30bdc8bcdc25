import { readFile } from 'node:fs/promises';

/** Parts of the Python module that runs the code; all live in one namespace. */
const PARTS = ['session/data.py', 'session/variables.py', 'session/driver.py', 'self-test/attempts.py'];

/** The source of that module, with what a backend adds. The files are the same for the sources and the build. */
export async function readDriver(more: readonly string[] = []): Promise<string> {
  const texts = [...PARTS, ...more].map((path) =>
    readFile(new URL(`../../src/${path}`, import.meta.url), 'utf8'),
  );
  return (await Promise.all(texts)).join('\n\n');
}
