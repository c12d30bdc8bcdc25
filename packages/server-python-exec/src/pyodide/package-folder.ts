import { createHash } from 'node:crypto';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

export interface PackageFolderOptions {
  /** Holds wheels: of Pyodide's distribution, or others that were built for it. */
  readonly folder: string;
  /** Names of the packages to load, as in `import` or on PyPI. */
  readonly wanted: readonly string[];
  /** Pyodide's own list of packages, as JSON. */
  readonly lockFile: string;
}

/** What an interpreter loads before any code runs. */
export interface LoadedPackages {
  /** Real path. */
  readonly folder: string;
  /** The list of what is in the folder, for Pyodide. */
  readonly lockFile: string;
  /** The packages that were asked for, without what they need. */
  readonly names: readonly string[];
}

const entrySchema = z.looseObject({
  name: z.string(),
  file_name: z.string(),
  sha256: z.string(),
  depends: z.array(z.string()).default([]),
});
const lockSchema = z.object({ info: z.looseObject({}), packages: z.record(z.string(), entrySchema) });
type Entry = z.infer<typeof entrySchema>;

/** `name-version-python-abi-platform.whl`, where the platform is Pyodide's or any. */
const WHEEL = /^([\w.]+)-([\w.+!]+)(?:-\d\w*)?-\w[\w.]*-\w[\w.]*-(any|[\w.]*wasm32)\.whl$/;

/**
 * Looks for packages, and all that they need, in a folder of wheels.
 *
 * @throws {Error} that names what is missing, or not what Pyodide's list says that it is.
 */
export async function findPackages(options: PackageFolderOptions): Promise<LoadedPackages> {
  const folder = await realpath(options.folder);
  const files = new Set(await readdir(folder));
  const { info, packages: known } = lockSchema.parse(JSON.parse(options.lockFile));
  const found: Record<string, Entry> = {};

  const add = async (name: string, neededBy: string): Promise<void> => {
    if (name in found) return;
    const entry = known[name];
    if (entry && files.has(entry.file_name)) {
      const sha256 = await hashOf(join(folder, entry.file_name));
      if (sha256 !== entry.sha256)
        throw new Error(`${entry.file_name} is not the file that Pyodide's list names`);
      found[name] = entry;
      for (const needed of entry.depends) await add(needed, name);
      return;
    }
    const file = [...files].find((each) => normalize(WHEEL.exec(each)?.[1]) === name);
    if (file === undefined) {
      const wheel = entry === undefined ? `wheel of ${name}` : entry.file_name;
      throw new Error(`${folder} has no ${wheel}, which ${neededBy} needs`);
    }
    found[name] = {
      name,
      version: WHEEL.exec(file)?.[2],
      file_name: file,
      install_dir: 'site',
      sha256: await hashOf(join(folder, file)),
      package_type: 'package',
      imports: [name.replaceAll('-', '_')],
      depends: [],
    };
  };
  const names = options.wanted.map(normalize);
  for (const name of names) await add(name, '--packages');
  return { folder, names, lockFile: JSON.stringify({ info, packages: found }) };
}

/** The one spelling of a package's name that PyPI's rules (PEP 503) take all others for. */
function normalize(name = ''): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
