import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backends } from './backends.ts';
import type { PythonServer } from './python-server.ts';
import { startPython } from './python-server.ts';

/** What an interpreter has in it, and the source of what ran there last as Python would show it. */
const CONTENTS = `import gc, linecache, os, sys
{
  'names': sorted(name for name in globals() if name not in ('gc', 'linecache', 'os', 'sys')),
  'modules': sorted(sys.modules),
  'sources': sorted(name for name in linecache.cache if name.startswith('<')),
  'source': linecache.getline('<call 1>', 1),
  'files': sorted(os.listdir('.')),
  'functions': sorted(each.__qualname__ for each in gc.get_objects() if 'try_to_get_out.' in getattr(each, '__qualname__', '')),
}`;

describe.each(backends)('%s', (backend) => {
  let python: PythonServer;
  beforeAll(async () => {
    python = await startPython({ backend });
  });
  afterAll(() => python[Symbol.asyncDispose]());

  test('the interpreter that took the self-test is like any other', async () => {
    const first = await python.run(CONTENTS, { session: 'first' });
    const second = await python.run(CONTENTS, { session: 'second' });
    expect(first.structured.value?.json).toMatchObject({
      source: 'import gc, linecache, os, sys\n',
      files: [],
      functions: [],
    });
    expect(first.structured.value?.json).toEqual(second.structured.value?.json);
    const failed = await python.run('1 / 0', { session: 'first' });
    expect(failed.text).toContain('File "<call 2>", line 1');
  });
});
