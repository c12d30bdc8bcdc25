// The public surface of this package. Every name here is a promise; add one only on purpose.

export type {
  BackendFacts,
  BackendSummary,
  CodeEnding,
  CodeOutcome,
  PythonBackend,
  PythonError,
  PythonFigure,
  PythonSession,
  PythonValue,
  PythonVariable,
  RunOptions,
} from './backend.ts';
export type { BackendChoice, BackendMakers, BackendName, TestedBackend } from './choose-backend.ts';
export { chooseBackend } from './choose-backend.ts';
export type { HostBackends, HostOptions } from './cpython/tested-backends.ts';
export { hostBackends } from './cpython/tested-backends.ts';
export type { PyodideOptions } from './pyodide/backend.ts';
export { createPyodideBackend } from './pyodide/backend.ts';
export type { PythonServerOptions } from './server.ts';
export { createServerFactory } from './server.ts';
export type { SessionsOptions } from './sessions.ts';
export { Sessions } from './sessions.ts';
