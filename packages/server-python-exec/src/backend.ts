/** A Python value as a model and a program get to see it. */
export interface PythonValue {
  readonly repr: string;
  readonly type: string;
  /** The value itself, when it is small and JSON can say it without loss. */
  readonly json?: unknown;
}

export interface PythonVariable {
  readonly name: string;
  readonly type: string;
  /** Beginning of its repr, at most 120 characters. */
  readonly summary: string;
}

export interface PythonError {
  readonly type: string;
  readonly message: string;
  /** Line of the code that was run, counted from 1; null when the error did not come from there. */
  readonly line: number | null;
  /** Lines of the user's code only. */
  readonly traceback: string;
}

/** A figure that was open when the code ended. */
export interface PythonFigure {
  /** Its file, by its name in the workspace. */
  readonly path: string;
  /** The image as base64, unless it is large or one of many. */
  readonly png?: string | undefined;
}

/** How a piece of code ended. After `isLost` the session has ended, and its variables are gone. */
export type CodeEnding =
  | { readonly status: 'ok'; readonly isLost: false; readonly value: PythonValue | undefined }
  | { readonly status: 'error' | 'timeout' | 'memory'; readonly isLost: false; readonly error: PythonError }
  | { readonly status: 'timeout' | 'memory' | 'killed'; readonly isLost: true; readonly reason: string };

export interface CodeOutcome {
  readonly ending: CodeEnding;
  /** Bounded: the middle of much output is left out. Of a session that was lost, what had arrived by then. */
  readonly stdout: string;
  readonly stderr: string;
  readonly figures: readonly PythonFigure[];
  readonly newVariables: readonly PythonVariable[];
  readonly changedVariables: readonly PythonVariable[];
}

export interface RunOptions {
  /** After this long the code is interrupted; when it does not react, the session is lost. */
  readonly timeoutMs: number;
  /** Ends the session at once. */
  readonly signal: AbortSignal;
  /** Told all that was printed so far, bounded, when there is more of it. */
  readonly onPrinted?: (printed: { readonly stdout: string; readonly stderr: string }) => void;
}

/** One interpreter with its variables. Calls are made one at a time. */
export interface PythonSession extends AsyncDisposable {
  /** Settles with the reason when the interpreter is gone, during a call or between two; never rejects. */
  readonly ended: Promise<string>;
  /** Never rejects for what the code does. */
  run(code: string, options: RunOptions): Promise<CodeOutcome>;
  listVariables(): Promise<readonly PythonVariable[]>;
}

/** What the description of a tool says of a backend, in few words. */
export interface BackendSummary {
  /** What may be imported, for example `Standard library only`. */
  readonly modules: string;
  /** What code must do without. */
  readonly missing: string;
  /** What a model and its user must know before anything else. */
  readonly warning?: string;
}

/** What a backend can say of itself, for a model and its user. */
export interface BackendFacts {
  readonly pythonVersion: string;
  /** What may be imported. */
  readonly modules: string;
  /** What code cannot reach, and by which means. */
  readonly isolation: readonly string[];
  /** What the isolation does not promise. */
  readonly caveats: readonly string[];
}

/**
 * Gets packages of PyPI for all sessions, those that run included. Names were checked.
 *
 * @throws {ToolError} `INSTALL_FAILED` with what was said.
 */
export type PackageInstaller = (names: readonly string[], signal: AbortSignal) => Promise<void>;

/**
 * A way to run Python. An implementation keeps code away from everything but the workspace folder that it was given,
 * keeps to the limits it was given, and leaves no process behind.
 */
export interface PythonBackend extends AsyncDisposable {
  /** Reported with every result, for example `pyodide`. */
  readonly name: string;
  readonly summary: BackendSummary;
  facts(): Promise<BackendFacts>;
  /** Where packages can be installed. Whether they may be is for whoever runs the server to say. */
  readonly install?: PackageInstaller;
  /** @throws {ToolError} `BACKEND_UNAVAILABLE` when no interpreter can be started. */
  openSession(): Promise<PythonSession>;
}
