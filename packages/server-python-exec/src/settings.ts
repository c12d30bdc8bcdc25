import type { SettingSpec, SettingValues } from '@patchbay/server-kit/program';
import * as z from 'zod';
import type { BackendName } from './choose-backend.ts';
import { BACKEND_NAMES } from './choose-backend.ts';

type Setting<Value> = SettingSpec & { readonly schema: z.ZodType<Value> };

const number = (min: number, max: number, fallback: number): z.ZodType<number> =>
  z.coerce.number().int().min(min).max(max).default(fallback);

/** The command-line flags of this server and the environment variables behind them. */
export const settings: {
  readonly workspace: Setting<string>;
  readonly backend: Setting<BackendName | 'auto'>;
  readonly python: Setting<string | undefined>;
  readonly allowUnsafe: Setting<boolean>;
  readonly allowInstall: Setting<boolean>;
  readonly containerCli: Setting<string>;
  readonly containerImage: Setting<string | undefined>;
  readonly jupyterUrl: Setting<string | undefined>;
  readonly jupyterToken: Setting<string | undefined>;
  readonly jupyterKernel: Setting<string>;
  readonly jupyterFolder: Setting<string | undefined>;
  readonly pyodidePackages: Setting<string | undefined>;
  readonly packages: Setting<readonly string[]>;
  readonly timeoutMs: Setting<number>;
  readonly maxTimeoutMs: Setting<number>;
  readonly memoryMb: Setting<number>;
  readonly maxOutputChars: Setting<number>;
  readonly maxSessions: Setting<number>;
  readonly idleMs: Setting<number>;
} = {
  workspace: {
    flag: 'workspace',
    env: 'PATCHBAY_WORKSPACE',
    schema: z
      .string()
      .refine((path) => !path.includes('*'), 'a path with "*" would allow more than that folder')
      .default('patchbay-workspace'),
    description: 'working directory of the code, made when missing; servers share files through it',
  },
  backend: {
    flag: 'backend',
    env: 'PYTHON_BACKEND',
    schema: z.enum(['auto', ...BACKEND_NAMES]).default('auto'),
    description: `auto, ${BACKEND_NAMES.join(', ')}; auto takes this machine's Python if it is safe and has pandas`,
  },
  python: {
    flag: 'python',
    env: 'PATCHBAY_PYTHON_EXECUTABLE',
    schema: z.string().optional(),
    description: 'Python of this machine; python3 when absent',
  },
  allowUnsafe: {
    flag: 'allow-unsafe',
    env: 'PATCHBAY_PYTHON_ALLOW_UNSAFE',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description: 'lets --backend host run code with all rights of this account',
  },
  allowInstall: {
    flag: 'allow-install',
    env: 'PATCHBAY_PYTHON_ALLOW_INSTALL',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description: 'offers install_packages, where the backend can: wheels of PyPI for all sessions',
  },
  containerCli: {
    flag: 'container-cli',
    env: 'PATCHBAY_CONTAINER_CLI',
    schema: z.string().default('docker'),
    description: 'docker, podman or another program that understands the same, for --backend container',
  },
  containerImage: {
    flag: 'container-image',
    env: 'PATCHBAY_CONTAINER_IMAGE',
    schema: z
      .string()
      .regex(/^[a-z0-9]/, 'the name of an image')
      .optional(),
    description: 'image with python3 for --backend container; it must be there, none is pulled',
  },
  jupyterUrl: {
    flag: 'jupyter-url',
    env: 'PATCHBAY_JUPYTER_URL',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    description: 'Jupyter Kernel Gateway or Jupyter Server for --backend jupyter',
  },
  jupyterToken: {
    flag: 'jupyter-token',
    env: 'PATCHBAY_JUPYTER_TOKEN',
    schema: z.string().optional(),
    isSecret: true,
    description: 'its token; the variable keeps it out of the list of processes',
  },
  jupyterKernel: {
    flag: 'jupyter-kernel',
    env: 'PATCHBAY_JUPYTER_KERNEL',
    schema: z.string().default('python3'),
    description: 'name of the kernel to start there',
  },
  jupyterFolder: {
    flag: 'jupyter-folder',
    env: 'PATCHBAY_JUPYTER_FOLDER',
    schema: z.string().optional(),
    description: 'the workspace as the machine of the kernels sees it; files are not shared when absent',
  },
  pyodidePackages: {
    flag: 'pyodide-packages',
    env: 'PATCHBAY_PYODIDE_PACKAGES',
    schema: z.string().optional(),
    description: 'folder of wheels for pyodide, for example of its distribution',
  },
  packages: {
    flag: 'packages',
    env: 'PATCHBAY_PYTHON_PACKAGES',
    schema: z
      .string()
      .regex(/^[\w.-]+(,[\w.-]+)*$/, 'names with commas between them')
      .default('numpy,pandas,matplotlib')
      .transform((names) => names.split(',')),
    description: 'which packages of that folder are loaded, with commas between them',
  },
  timeoutMs: {
    flag: 'timeout-ms',
    env: 'PATCHBAY_PYTHON_TIMEOUT_MS',
    schema: number(100, 600_000, 30_000),
    description: 'time limit of a call that names none',
  },
  maxTimeoutMs: {
    flag: 'max-timeout-ms',
    env: 'PATCHBAY_PYTHON_MAX_TIMEOUT_MS',
    schema: number(100, 3_600_000, 600_000),
    description: 'largest time limit that a call may ask for',
  },
  memoryMb: {
    flag: 'memory-mb',
    env: 'PATCHBAY_PYTHON_MEMORY_MB',
    schema: number(64, 4096, 512),
    description: 'memory of each interpreter, 64 to 4096',
  },
  maxOutputChars: {
    flag: 'max-output-chars',
    env: 'PATCHBAY_PYTHON_MAX_OUTPUT_CHARS',
    schema: number(1000, 1_000_000, 20_000),
    description: 'longest stdout, stderr and value, in characters each',
  },
  maxSessions: {
    flag: 'max-sessions',
    env: 'PATCHBAY_PYTHON_MAX_SESSIONS',
    schema: number(1, 64, 4),
    description: 'interpreters that may exist at once',
  },
  idleMs: {
    flag: 'idle-ms',
    env: 'PATCHBAY_PYTHON_IDLE_MS',
    schema: number(1000, 2_000_000_000, 900_000),
    description: 'a session that is not used for this long is closed',
  },
};

/** What the settings say, checked. */
export type Values = SettingValues<typeof settings>;
