/** What the process ends with. The numbers that the MCP Inspector's CLI uses too mean the same here. */
export const EXIT = {
  ok: 0,
  other: 1,
  usage: 2,
  auth: 3,
  unreachable: 4,
  toolError: 5,
  limit: 6,
  interrupted: 130,
  /** What shells show of a program that SIGPIPE ended. */
  readerGone: 141,
} as const;
