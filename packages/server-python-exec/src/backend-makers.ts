import { tmpdir } from 'node:os';
import { isAbsolute } from 'node:path';
import type { BackendMakers } from './choose-backend.ts';
import type { HostBackends } from './cpython/tested-backends.ts';
import { findImportProblem } from './self-test/import-problem.ts';
import { openProven } from './self-test/test-sandbox.ts';
import type { Values } from './settings.ts';

export interface Surroundings {
  /** Real path of the folder that code works in. */
  readonly workspace: string;
  readonly cacheFolder: string;
  readonly home: string;
  readonly process: Pick<NodeJS.Process, 'env' | 'execPath' | 'getgid' | 'getuid' | 'platform' | 'versions'>;
  /** Told what went wrong without failing a call. */
  readonly warn: (message: string) => void;
  /** Called once an interpreter is about to come up, for what else is to be done until then. */
  readonly onStarting: () => void;
}

/** For files that go with the process that made them. Unlike the other two, its path has no name of an account in it. */
const NAMELESS_FOLDER = '/var/tmp';

/** Variables that Pyodide sets by itself. */
const PYODIDE_VARIABLES = [
  '_',
  'HOME',
  'LANG',
  'LC_CTYPE',
  'LD_LIBRARY_PATH',
  'LOGNAME',
  'PATH',
  'PWD',
  'PYTHONINSPECT',
  'USER',
];

/** Every backend as the settings want it. Nothing is loaded or started before it is asked for. */
export function backendMakers(values: Values, surroundings: Surroundings): BackendMakers {
  const { workspace, cacheFolder, home, warn, onStarting } = surroundings;
  const { env, execPath, platform, versions } = surroundings.process;
  const { memoryMb, maxOutputChars, pyodidePackages, packages: loaded } = values;
  const shared = { workspace, cacheFolder, memoryMb, maxOutputChars };
  const parents = [...(platform === 'win32' ? [] : [NAMELESS_FOLDER]), cacheFolder, tmpdir()];
  const selfTest = { parents, workspace, onStarting };
  const makeHost = async (): Promise<HostBackends> => {
    const { hostBackends } = await import('./cpython/tested-backends.ts');
    return hostBackends({
      ...shared,
      selfTest,
      allowInstall: values.allowInstall,
      pythonPath: values.python,
      home,
      env,
      platform,
    });
  };
  let made: Promise<HostBackends> | undefined;
  const host = (): Promise<HostBackends> => (made ??= makeHost());
  return {
    'cpython-bwrap': async (wanted) => (await host()).bwrap(wanted),
    'cpython-landlock': async (wanted) => (await host()).landlock(wanted),
    async pyodide(wanted) {
      const { createPyodideBackend } = await import('./pyodide/backend.ts');
      const backend = await createPyodideBackend({
        ...shared,
        packages: pyodidePackages === undefined ? undefined : { folder: pyodidePackages, wanted: loaded },
        nodePath: execPath,
        nodeVersion: versions.node,
        uid: surroundings.process.getuid?.(),
        warn,
      });
      const session = await openProven(backend, {
        ...selfTest,
        environment: PYODIDE_VARIABLES,
        isVirtual: true,
        readOnly: [],
      });
      const absent = wanted.filter((name) => pyodidePackages === undefined || !loaded.includes(name));
      return {
        backend,
        session,
        importProblem: absent.length === 0 ? undefined : `not loaded: ${absent.join(', ')}`,
      };
    },
    async host() {
      if (!values.allowUnsafe)
        throw new Error(
          'it has no sandbox: code can do whatever you can. Add --allow-unsafe if you want that',
        );
      return (await host()).host();
    },
    async container(wanted) {
      const { containerCli, containerImage: image } = values;
      const { findProgram, GUEST_VARIABLES } = await import('./cpython/tested-backends.ts');
      const { createContainerBackend } = await import('./container/container-backend.ts');
      const { BYTECODE } = await import('./container/launch-container.ts');
      if (image === undefined)
        throw new Error('which image? Add --container-image, for example python:3.13-slim once it is pulled');
      const cliPath = isAbsolute(containerCli)
        ? containerCli
        : await findProgram(containerCli, env['PATH'] ?? '');
      if (cliPath === undefined) throw new Error(`${containerCli} is not installed`);
      const { getuid, getgid } = surroundings.process;
      const ids = getuid && getgid && { uid: getuid(), gid: getgid() };
      const creating = createContainerBackend({ ...shared, cliPath, image, ids, warn });
      // The program is asked what it is, which takes as long as much of a container's start.
      setImmediate(onStarting);
      const backend = await creating;
      const session = await openProven(backend, {
        ...selfTest,
        environment: GUEST_VARIABLES,
        isVirtual: false,
        readOnly: ['/', '/usr', '/etc', BYTECODE],
      });
      return { backend, session, importProblem: await findImportProblem(backend, wanted) };
    },
    async jupyter() {
      const {
        jupyterUrl: url,
        jupyterToken: token,
        jupyterKernel: kernelName,
        jupyterFolder: folder,
      } = values;
      if (url === undefined) throw new Error('where is the gateway? Add --jupyter-url http://host:port');
      const { createJupyterBackend } = await import('./jupyter/jupyter-backend.ts');
      return createJupyterBackend({ url, token, kernelName, folder, maxOutputChars });
    },
  };
}
