interface ExampleServer {
  readonly name: string;
  readonly package: string;
  readonly about: string;
  /** What else may stand in its entry, as comments. */
  readonly settings?: readonly string[];
}

/** The servers that Patchbay brings along. */
export const SERVERS: readonly ExampleServer[] = [
  { name: 'math', package: '@patchbay/server-math', about: 'exact arithmetic, units, statistics' },
  { name: 'notes', package: '@patchbay/server-notes', about: 'notes that are found again' },
  {
    name: 'sql',
    package: '@patchbay/server-sql',
    about: 'queries a database; sample data until it has one',
    settings: ['"env": { "MYSQL_URL": "${MYSQL_URL}" },  // mysql://user:password@host/database, in .env'],
  },
  { name: 'files', package: '@patchbay/server-files', about: 'reads and writes files of one folder' },
  { name: 'python', package: '@patchbay/server-python-exec', about: 'runs Python in a sandbox' },
  { name: 'weather', package: '@patchbay/server-weather', about: 'weather by place; needs a network' },
  { name: 'arxiv', package: '@patchbay/server-arxiv', about: 'papers; needs a network' },
  { name: 'wikipedia', package: '@patchbay/server-wikipedia', about: 'articles; needs a network' },
];

/** An `mcp.json` with these servers, and comments that say what can be set. */
export function exampleConfig(names: readonly string[]): string {
  const chosen = SERVERS.filter(({ name }) => names.includes(name));
  const entries = chosen.map((server, index) => {
    const comma = index < chosen.length - 1 ? ',' : '';
    return [
      `    // ${server.about}`,
      `    "${server.name}": {`,
      ...(server.settings ?? []).map((setting) => `      // ${setting}`),
      `      "command": "npx",`,
      `      "args": ["-y", "${server.package}"],`,
      `      "trusted": true`,
      `    }${comma}`,
    ].join('\n');
  });
  return [
    '{',
    '  // The servers of this folder. "trusted": tools that say that they only read run without being asked for.',
    '  // Also: "env", "cwd", "url" in place of "command", "start": "lazy", "tools": { "allow": […], "deny": […] },',
    '  // "timeoutMs". ${NAME} and ${NAME:-default} are taken from the environment and .env.',
    '  "mcpServers": {',
    ...entries,
    '  }',
    '}',
    '',
  ].join('\n');
}
