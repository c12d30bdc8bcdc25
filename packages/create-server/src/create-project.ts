import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillTemplate } from './fill-template.ts';
import { projectManifest } from './project-manifest.ts';
import { problemOfName } from './server-name.ts';

/** Why there is no project: for whoever asked for it, without a stack. */
export class CreateError extends Error {
  override readonly name = 'CreateError';
}

const PROJECT = fileURLToPath(new URL('../project', import.meta.url));

/**
 * Makes a server in a folder of its own, which gets its name. The folder appears whole or not at all.
 *
 * @returns the folder.
 * @throws {CreateError} when the name is none, or the folder has something in it.
 */
export async function createProject(path: string, cwd: string): Promise<string> {
  const folder = resolve(cwd, path);
  const name = path === '' ? '' : basename(folder);
  const problem = problemOfName(name);
  if (problem !== undefined) throw new CreateError(problem);
  await requireFree(folder);

  const draft = await mkdtemp(join(dirname(folder), `.${name}-`)).catch((cause: unknown) => {
    throw new CreateError(`${dirname(folder)} cannot be written: ${String(cause)}`, { cause });
  });
  try {
    // The namespace of the MCP registry is the account's, which is not known here: the README says so.
    await fillTemplate(draft, { name, package: name, bin: name, mcpName: `io.github.your-name/${name}` });
    await cp(PROJECT, draft, { recursive: true });
    // npm leaves files of that name out of what it packs.
    await rename(join(draft, 'gitignore'), join(draft, '.gitignore'));
    const manifest = projectManifest(JSON.parse(await readFile(join(draft, 'package.json'), 'utf8')));
    await writeFile(join(draft, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    const note = await readFile(join(draft, 'README.project.md'), 'utf8');
    await writeFile(join(draft, 'README.md'), note, { flag: 'a' });
    await rm(join(draft, 'README.project.md'));
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

async function requireFree(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new CreateError(`${folder} is there already, and is no folder`, { cause: error });
  });
  if (entries.length > 0) throw new CreateError(`${folder} is there already, and not empty`);
}
