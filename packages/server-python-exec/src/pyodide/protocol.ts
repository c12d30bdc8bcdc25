/** The file descriptor on which a runner answers. Nothing that Python prints can get there. */
export const REPLY_FD = 3;

/** Exit code of a runner whose memory grew past what it was given. */
export const EXIT_OUT_OF_MEMORY = 77;

/** Exit code of a runner that could not boot; the reason is on its standard error. */
export const EXIT_BOOT_FAILED = 78;

/** Exit code of a runner whose interpreter cannot be used any more. */
export const EXIT_CRASHED = 79;

/** What every runner needs to boot. */
export interface BootOrder {
  readonly kind: 'boot';
  /** `file:` URL of Pyodide's entry module. */
  readonly pyodideUrl: string;
  /** Pyodide's list of packages, as JSON. */
  readonly lockFile: string;
  /** Source of the Python module that runs the code. */
  readonly driver: string;
}

/** Boots an interpreter and answers with its memory, as raw bytes, instead of replies. */
export interface SnapshotOrder extends Omit<BootOrder, 'kind'> {
  readonly kind: 'make-snapshot';
}

/** A file in the user's cache, and what its bytes must hash to before any code runs. */
export interface SnapshotFile {
  readonly path: string;
  readonly hash: string;
}

/** Boots an interpreter that waits for calls. */
export interface ServeOrder extends BootOrder {
  /** What {@link SnapshotOrder} made; without it Pyodide boots the slow way. */
  readonly snapshot: SnapshotFile | undefined;
  /** Packages that are loaded before any code runs; {@link BootOrder.lockFile} says what they are. */
  readonly packages: { readonly folder: string; readonly names: readonly string[] } | undefined;
  /** Real path of the folder that becomes the working directory. */
  readonly workspace: string;
  /** How much each of stdout, stderr and a value's repr may be, in characters. */
  readonly maxOutputChars: number;
  /** The process ends itself when its resident memory is larger, in bytes. */
  readonly maxResidentBytes: number;
}
