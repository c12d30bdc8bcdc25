import { errorMessage } from '@patchbay/server-kit/program';
import type { PythonBackend, PythonSession } from './backend.ts';

/** What `auto` tries, in this order. */
const AUTOMATIC = ['cpython-bwrap', 'cpython-landlock', 'pyodide'] as const;

/** What may be asked for by name. */
export const BACKEND_NAMES = [
  'cpython-bwrap',
  'cpython-landlock',
  'pyodide',
  'container',
  'jupyter',
  'host',
] as const;

export type BackendName = (typeof BACKEND_NAMES)[number];

/** The backend that runs, and why it is that one: told to the model, to the user and on stderr. */
export interface BackendChoice {
  readonly backend: PythonBackend;
  readonly reason: string;
  /** See {@link TestedBackend}; absent where there is no sandbox to test. */
  readonly session?: PythonSession;
}

/** A backend whose sandbox holds. */
export interface TestedBackend {
  readonly backend: PythonBackend;
  /** The interpreter that showed it. Nothing has run there but the self-test, which leaves nothing. */
  readonly session: PythonSession;
  /** Why one of the modules that were wanted cannot be imported there; undefined when all can. */
  readonly importProblem: string | undefined;
}

type Sandboxed = (typeof AUTOMATIC)[number] | 'container';

/**
 * How each is made; those that have a sandbox are told which modules are wanted. Rejects with the reason when it cannot run
 * here, or its sandbox does not hold.
 */
export type BackendMakers = Readonly<
  Record<Sandboxed, (wanted: readonly string[]) => Promise<TestedBackend>> &
    Record<Exclude<BackendName, Sandboxed>, () => Promise<PythonBackend>>
>;

/**
 * Takes the backend that was asked for. `auto` takes this machine's Python when a sandbox for it holds and it has
 * pandas, and otherwise Pyodide; never one without a sandbox.
 *
 * @throws {Error} when a backend that was asked for by name cannot run, or with `auto` none can.
 */
export async function chooseBackend(
  asked: BackendName | 'auto',
  makers: BackendMakers,
): Promise<BackendChoice> {
  if (asked === 'auto') return chooseAutomatically(makers);
  try {
    switch (asked) {
      case 'cpython-bwrap':
      case 'cpython-landlock':
      case 'pyodide':
      case 'container': {
        // Whoever names it takes it as it is.
        const { backend, session } = await makers[asked]([]);
        return { backend, session, reason: 'asked for; its sandbox passed the self-test' };
      }
      case 'jupyter':
      case 'host':
        return { backend: await makers[asked](), reason: 'asked for' };
      default:
        return asked satisfies never;
    }
  } catch (error) {
    throw new Error(`--backend ${asked} cannot run: ${errorMessage(error)}`, { cause: error });
  }
}

async function chooseAutomatically(makers: BackendMakers): Promise<BackendChoice> {
  const passedOver: string[] = [];
  for (const name of AUTOMATIC) {
    const tested = await makers[name](['pandas']).catch((error: unknown) => errorMessage(error));
    if (typeof tested === 'string') {
      passedOver.push(`${name}: ${tested}`);
      continue;
    }
    const { backend, session, importProblem } = tested;
    const others = passedOver.length === 0 ? '' : `; ${passedOver.join('; ')}`;
    if (importProblem === undefined)
      return { backend, session, reason: `its sandbox passed the self-test, and pandas is there${others}` };
    if (name === 'pyodide') return { backend, session, reason: `its sandbox passed the self-test${others}` };
    await session[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
    passedOver.push(`${name}: pandas cannot be imported there (${importProblem})`);
  }
  throw new Error(`no backend can run (${passedOver.join('; ')})`);
}
