import { tmpdir } from 'node:os';
import { isAbsolute } from 'node:path';
import type { BackendMakers } from './choose-backend.ts';
import { createContainerBackend } from './container/container-backend.ts';
import { findProgram, GUEST_VARIABLES, hostBackends } from './cpython/tested-backends.ts';
import { BYTECODE } from './container/launch-container.ts';
import { createJupyterBackend } from './jupyter/jupyter-backend.ts';
import { createPyodideBackend } from './pyodide/backend.ts';
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

/** Every backend as the settings want it. Nothing is started before it is asked for. */
export function backendMakers(values: Values, surroundings: Surroundings): BackendMakers {
  const { workspace, cacheFolder, home, warn, onStarting } = surroundings;
  const { env, execPath, platform, versions } = surroundings.process;
  const { memoryMb, maxOutputChars, pyodidePackages, packages: loaded } = values;
  const shared = { workspace, cacheFolder, memoryMb, maxOutputChars };
  const parents = [...(platform === 'win32' ? [] : [NAMELESS_FOLDER]), cacheFolder, tmpdir()];
  const selfTest = { parents, workspace, onStarting };
  const host = hostBackends({
    ...shared,
    selfTest,
    allowInstall: values.allowInstall,
    pythonPath: values.python,
    home,
    env,
    platform,
  });
  return {
    'cpython-bwrap': host.bwrap,
    'cpython-landlock': host.landlock,
    async pyodide(wanted) {
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
      return host.host();
    },
    async container(wanted) {
      const { containerCli, containerImage: image } = values;
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
      return createJupyterBackend({ url, token, kernelName, folder, maxOutputChars });
    },
  };
}
