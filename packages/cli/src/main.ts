#!/usr/bin/env node
// Nothing is imported before the version is known to do: an old Node would fail on it with a stack.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`patchbay needs Node 22.19 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}

const { rememberCode } = await import('./code-cache.ts');
rememberCode(process.env);
const { processTerminal } = await import('./terminal.ts');
const { runCli } = await import('./cli.ts');
process.exit(await runCli(process.argv.slice(2), processTerminal()));
