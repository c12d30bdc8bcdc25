import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryCommand } from './run-command.ts';

/** What an example leaves to its reader: names that it does not define. */
const OF_THE_READER = /error TS(2304|2552|18004):/u;

/** Compiles the TypeScript of a library's README as whoever copies it would, without passing over its types' own mistakes. */
export async function checkExamples(
  installed: string,
  { cwd, root }: { readonly cwd: string; readonly root: string },
): Promise<readonly string[]> {
  const readme = join(installed, 'README.md');
  const blocks = existsSync(readme)
    ? [...readFileSync(readme, 'utf8').matchAll(/^```ts\n(.*?)^```/gmsu)]
    : [];
  if (blocks.length === 0) return [];
  const folder = join(cwd, 'examples');
  mkdirSync(folder);
  for (const [index, [, block = '']] of blocks.entries()) {
    writeFileSync(join(folder, `example-${index + 1}.mts`), block);
  }
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const compiler = join(root, 'node_modules/.bin/tsc');
  const { output } = await tryCommand([compiler, '-p', folder], { cwd });
  const errors = output.split('\n').filter((line) => /\berror TS\d/u.test(line) && !OF_THE_READER.test(line));
  return errors.map((error) => `README.md: its examples do not compile: ${error}`);
}
