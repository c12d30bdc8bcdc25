import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** Entries that one look at the workspace takes in; of a larger folder, changes may go unreported. */
const MAX_ENTRIES = 5000;

/** Most files that one comparison reports. */
export const MAX_CHANGES = 100;

export interface WorkspaceFile {
  /** Path inside the workspace, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** What the files of a folder looked like at one moment: path to size and time of change. */
export type WorkspaceState = ReadonlyMap<string, { readonly bytes: number; readonly changedMs: number }>;

/** Looks at every file below `root`; links are not followed. */
export async function readWorkspace(root: string): Promise<WorkspaceState> {
  const state = new Map<string, { bytes: number; changedMs: number }>();
  const folders = [''];
  for (let entries = 0; entries < MAX_ENTRIES;) {
    const folder = folders.pop();
    if (folder === undefined) break;
    const list = await opendir(join(root, folder)).catch(() => undefined);
    if (list === undefined) continue;
    for await (const entry of list) {
      entries += 1;
      if (entries > MAX_ENTRIES) break;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      if (!entry.isFile()) continue;
      const stat = await lstat(join(root, path)).catch(() => undefined);
      if (stat) state.set(path, { bytes: stat.size, changedMs: Math.max(stat.mtimeMs, stat.ctimeMs) });
    }
  }
  return state;
}

/** Files that are new or changed in `after`, by name. */
export function changedFiles(before: WorkspaceState, after: WorkspaceState): readonly WorkspaceFile[] {
  const changed: WorkspaceFile[] = [];
  for (const [path, { bytes, changedMs }] of after) {
    const old = before.get(path);
    if (old?.bytes !== bytes || old.changedMs !== changedMs) changed.push({ path, bytes });
  }
  return changed.toSorted((a, b) => (a.path < b.path ? -1 : 1)).slice(0, MAX_CHANGES);
}
