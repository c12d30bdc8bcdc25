/** How much is logged: each level holds those behind it. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'off'] as const;
export const LOG_FORMATS = ['text', 'json'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  /** Of the server; stands in front of each line. */
  readonly name: string;
  readonly level: LogLevel;
  /** `json` writes one object a line: `time` (ISO 8601), `level`, `name`, `message`. */
  readonly format: (typeof LOG_FORMATS)[number];
}

export type Log = Readonly<Record<Exclude<LogLevel, 'off'>, (message: string) => void>>;

/** A process has one standard error, and so one log. */
let options: LogOptions = { name: '', level: 'info', format: 'text' };

/** Says how the log of this process is written. `serve` does so from the settings. */
export function configureLog(chosen: LogOptions): void {
  options = chosen;
}

/** The log of this process, on standard error: standard output belongs to the protocol. */
export const log: Log = {
  debug: (message) => write('debug', message),
  info: (message) => write('info', message),
  warn: (message) => write('warn', message),
  error: (message) => write('error', message),
};

function write(level: keyof Log, message: string): void {
  if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(options.level)) return;
  const { name, format } = options;
  const time = new Date().toISOString();
  const text = name === '' ? message : `${name}: ${message}`;
  process.stderr.write(`${format === 'json' ? JSON.stringify({ time, level, name, message }) : text}\n`);
}
