/** One option of the command line. */
interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  readonly short?: string;
  /** What stands behind it. */
  readonly value?: string;
  readonly help: string;
}

/** Every option there is; what they do not concern passes them over. */
export const OPTIONS = {
  prompt: {
    type: 'string',
    short: 'p',
    value: '"<request>"',
    help: 'one request, with what is piped in; then end',
  },
  continue: { type: 'boolean', short: 'c', help: 'go on with the latest conversation of this folder' },
  resume: { type: 'string', value: '<name>', help: 'go on with that conversation; /resume lists them' },
  config: {
    type: 'string',
    value: '<file>',
    help: 'MCP servers, in the "mcpServers" shape (default: mcp.json, then .mcp.json)',
  },
  server: {
    type: 'string',
    multiple: true,
    value: '<script>',
    help: 'use a .py, .js or .ts script, or a command, as a server; may be repeated',
  },
  model: {
    type: 'string',
    value: '<name>',
    help: 'provider/model, or offline (default: PATCHBAY_MODEL, else the key that is set)',
  },
  allow: {
    type: 'string',
    multiple: true,
    value: '<server/tool>',
    help: 'let a tool, or all of a server, run without asking; may be repeated',
  },
  yes: { type: 'boolean', help: 'let every tool run without asking' },
  delegate: {
    type: 'boolean',
    help: 'the model picks a server by name and hands a request on; servers run only meanwhile',
  },
  'server-health': { type: 'boolean', help: 'the model may ask how the servers are' },
  'max-turns': {
    type: 'string',
    value: '<n>',
    help: 'model turns with tool calls in one request (default 8)',
  },
  'dry-run': { type: 'boolean', help: 'with -p: print what would be sent, and send nothing' },
  args: { type: 'string', value: '<json>', help: 'arguments of call as one JSON object' },
  env: {
    type: 'string',
    multiple: true,
    value: '<name=value>',
    help: 'server add: a variable of the server',
  },
  url: { type: 'string', value: '<url>', help: 'server add: a server behind HTTP' },
  from: {
    type: 'string',
    multiple: true,
    value: '<host|file>',
    help: 'import from claude-code, claude-desktop, codex, cursor, vscode, windsurf, or a file of theirs',
  },
  write: { type: 'boolean', help: 'import into the configuration, instead of printing' },
  force: { type: 'boolean', help: 'init, server add: replace what is there' },
  strict: {
    type: 'boolean',
    help: 'with -p: fail unless every server is up, every call succeeds and no limit is reached',
  },
  'data-dir': {
    type: 'string',
    value: '<folder>',
    help: 'keep all that is kept between runs there (default: see PATCHBAY_STATE)',
  },
  debug: { type: 'boolean', help: 'write a log of all that happens, and show where errors come from' },
  plain: { type: 'boolean', help: 'no drawing: text as the model writes it, and no line that is replaced' },
  'screen-reader': { type: 'boolean', help: 'the same, with words in place of signs' },
  images: { type: 'string', value: '<auto|off>', help: 'draw images where the terminal can (default: auto)' },
  json: { type: 'boolean', help: 'one JSON object on stdout' },
  'stream-json': { type: 'boolean', help: 'with -p: one JSON event a line on stdout' },
  version: { type: 'boolean', help: 'print the version' },
  help: { type: 'boolean', short: 'h', help: 'print this' },
} as const;

/** An option as the help and completions show it: `-p, --prompt "<request>"`. */
export function describeOption(name: string, { short, value }: Option): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}
