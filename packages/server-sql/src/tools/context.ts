import type { Workspace } from '@patchbay/server-kit';
import type { Database } from '../database.ts';

/** What the tools of one server share. */
export interface SqlContext {
  readonly database: Database;
  readonly limits: {
    readonly maxRows: number;
    readonly maxResultBytes: number;
    readonly maxCellChars: number;
    readonly timeoutMs: number;
    readonly exportMaxRows: number;
    /** Whether texts in CSV files are kept from being run as formulas. */
    readonly escapeFormulas: boolean;
  };
  /** Opened by the first export. */
  openWorkspace(): Promise<Workspace>;
  /** Called when a file was exported, which is a resource then. */
  readonly onExport?: () => void;
}
