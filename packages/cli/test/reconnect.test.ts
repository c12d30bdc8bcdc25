import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createProject, math } from './support/cli.ts';
import { PseudoTerminal } from './support/pseudo-terminal.ts';

const ENTER = '\r';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const RECONNECT = `/reconnect${ENTER}`;

vi.setConfig({ testTimeout: 90_000 });

test('/reconnect reads an edited mcp.json: what is new, changed or gone takes effect, a slip in it changes nothing, and Ctrl-C waits no longer, nor for /doctor', async () => {
  const untrusted = { ...math, trusted: false };
  await using project = await createProject({ math: untrusted, old: math, same: math });
  const path = join(project.folder, 'mcp.json');
  using terminal = await PseudoTerminal.start(project);
  await terminal.shows('3 of 3 servers ready');

  await writeFile(path, '{"mcpServers": {\n "math": }}');
  terminal.type(RECONNECT);
  await terminal.shows(/✗ mcp\.json:2:10: [^]*you ›$/);
  terminal.type(`/servers${ENTER}`);
  await terminal.shows(/3 of 3 servers ready[^]*3 of 3 servers ready[^\n]*\nyou ›$/);

  const env = { NEEDS: '${NEW_VARIABLE}' };
  const servers = { fresh: { ...math, env }, same: math, math };
  await writeFile(path, JSON.stringify({ mcpServers: servers }));
  terminal.type(RECONNECT);
  await terminal.shows(/mcp\.json has changed\. New: fresh\. Changed: math\. Gone: old\.\n/);
  await terminal.shows(/ ✓ math [^]*you ›$/);
  await terminal.shows(/ ✗ fresh +failed: \$\{NEW_VARIABLE\} in mcp\.json is not set/);
  expect(terminal.text).not.toMatch(/has changed[^]* (?:same|old) /);

  await writeFile(join(project.folder, '.env'), 'NEW_VARIABLE=1');
  terminal.type(RECONNECT);
  await terminal.shows(/mcp\.json has changed\. Changed: fresh\.\n ✓ fresh [^\n]*\nyou ›$/);
  terminal.type(`Add 1 and 2.${ENTER}`);
  await terminal.shows(/1 \+ 2 = 3\.\n[^\n]*\nyou ›$/);
  terminal.type(RECONNECT);
  await terminal.shows(/No server is down\.\nyou ›$/);

  const slow = { command: 'sleep', args: ['60'] };
  await writeFile(path, JSON.stringify({ mcpServers: { ...servers, slow } }));
  terminal.type(RECONNECT);
  await terminal.shows(/New: slow\.$/);
  terminal.type(CTRL_C);
  await terminal.shows(/New: slow\.\n⏹ cancelled\nyou ›$/);
  terminal.type(`/doctor${ENTER}`);
  await terminal.shows(/ ✓ configuration {2}mcp\.json has 4 servers/);
  terminal.type(CTRL_C);
  await terminal.shows(/has 4 servers\n(?: [^\n]*\n)*⏹ cancelled\nyou ›$/);
  terminal.type(CTRL_D);
  expect(await terminal.ended).toBe(0);
  expect(terminal.text).not.toContain('wants to run');
});
