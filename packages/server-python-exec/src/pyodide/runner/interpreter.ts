import type { PyodideAPI } from 'pyodide';
import type { BootOrder, ServeOrder } from '../protocol.ts';
import { checkSnapshot, readSnapshot } from './snapshot.ts';

/** Where Python sees the workspace. */
export const WORKSPACE_MOUNT = '/workspace';

/** Name of the driver in `sys.modules`. */
const DRIVER = 'patchbay_driver';

/** The functions of driver.py; each returns JSON, `start` apart. */
export interface Driver {
  start(workspace: string): void;
  run(code: string, maxChars: number): string;
  variables(): string;
}

/** Boots Pyodide the slow way and loads the driver, in a form that can be saved. */
export async function bootForSnapshot(order: Omit<BootOrder, 'kind'>): Promise<PyodideAPI> {
  const python = await load(order, { _makeSnapshot: true });
  loadDriver(python, order.driver);
  return python;
}

/** Boots Pyodide, from a snapshot when there is one, and loads the driver and the packages. */
export async function boot(order: ServeOrder): Promise<{ python: PyodideAPI; driver: Driver }> {
  const { snapshot, packages } = order;
  const fromPackages = packages === undefined ? {} : { packageBaseUrl: `${packages.folder}/` };
  const memory = snapshot && readSnapshot(snapshot);
  const [python] = await Promise.all([
    load(order, { ...fromPackages, ...(memory && { _loadSnapshot: memory }) }),
    snapshot && memory && checkSnapshot(memory, snapshot),
  ]);
  if (packages !== undefined) await loadPackages(python, packages.names);
  if (snapshot === undefined) loadDriver(python, order.driver);
  const driver: Driver = python.pyimport(DRIVER);
  return { python, driver };
}

async function loadPackages(python: PyodideAPI, names: readonly string[]): Promise<void> {
  const problems: string[] = [];
  const loaded = await python.loadPackage([...names], {
    messageCallback: () => undefined,
    errorCallback: (problem) => problems.push(problem),
  });
  if (problems.length > 0 || loaded.length < names.length)
    throw new Error(`packages cannot be loaded: ${problems.join('; ')}`);
}

async function load(order: Omit<BootOrder, 'kind'>, options: object): Promise<PyodideAPI> {
  const { loadPyodide }: typeof import('pyodide') = await import(order.pyodideUrl);
  return loadPyodide({
    // The module `js` would otherwise be this process's globals.
    jsglobals: {},
    lockFileContents: order.lockFile,
    env: { HOME: '/home/pyodide' },
    stdin: () => null,
    // Otherwise the path of this file, which says where on the host it is.
    _sysExecutable: 'python',
    ...options,
  });
}

function loadDriver(python: PyodideAPI, source: string): void {
  const driver = python.pyimport('types').ModuleType(DRIVER);
  python.pyimport('sys').modules.set(DRIVER, driver);
  const globals = python.pyimport('builtins').vars(driver);
  python.runPython(source, { globals, filename: `${DRIVER}.py` });
}
