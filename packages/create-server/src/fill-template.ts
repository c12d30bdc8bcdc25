import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a new server is called where. */
export interface ServerNames {
  /** In configurations of hosts. */
  readonly name: string;
  readonly package: string;
  readonly bin: string;
  /** In the MCP registry: `<namespace>/<name>`. */
  readonly mcpName: string;
}

const TEMPLATE = fileURLToPath(new URL('../template', import.meta.url));

/** Writes the template's files into `folder`, which is there already, with the names filled in. */
export async function fillTemplate(folder: string, names: ServerNames): Promise<void> {
  await cp(TEMPLATE, folder, { recursive: true });
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'utf8');
    await writeFile(path, fill(text, names));
  }
}

function fill(text: string, names: ServerNames): string {
  return text
    .replaceAll('__name__', names.name)
    .replaceAll('__package__', names.package)
    .replaceAll('__bin__', names.bin)
    .replaceAll('__mcp_name__', names.mcpName);
}
