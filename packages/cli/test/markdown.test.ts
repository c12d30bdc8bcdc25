// Answers as a terminal shows them, written while they come in pieces that end anywhere.
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { streamMarkdown } from '../src/render/markdown.ts';
import { widthOf } from '../src/render/width.ts';

const ANSWER = `# Cities

Three of them, with **bold**, _emphasis_ and \`code\`:

| City | Population | Note |
|:-----|-----------:|------|
| 東京 | 13960000 | capital |
| Berlin | 3677472 | with a \\| |
| São Paulo | 12325232 | |

1. first
   - nested one
     - nested deeper, with words enough that the line has to be broken somewhere in a narrow window
   - nested two
2. second

\`\`\`python
def greet(name: str) -> str:
    return f"Hello {name}"  # a comment
\`\`\`

> 引用された文章

Not a | table, and a [link](https://example.com/a_b_c).

\`\`\`
unfinished`;

function streamed(
  text: string,
  { pieceChars, columns, isColored = false }: { pieceChars: number; columns: number; isColored?: boolean },
): string {
  const stream = streamMarkdown({ columns, isColored });
  const pieces = text.match(new RegExp(`[^]{1,${pieceChars}}`, 'g')) ?? [];
  return pieces.map((piece) => stream.push(piece)).join('') + stream.finish();
}

test.for([
  ['colour', { columns: 80, isColored: true }],
  ['no-colour', { columns: 80 }],
  ['narrow', { columns: 40 }],
] as const)('an answer in pieces of 7 characters, %s, is as it is kept', async ([name, how]) => {
  await expect(streamed(ANSWER, { pieceChars: 7, ...how })).toMatchFileSnapshot(
    `golden/markdown-${name}.txt`,
  );
});

test.for([1, 2, 13, 10_000])('pieces of %d characters come to the same', (pieceChars) => {
  const how = { columns: 80, isColored: true };
  expect(streamed(ANSWER, { pieceChars, ...how })).toBe(streamed(ANSWER, { pieceChars: 7, ...how }));
});

test('the columns of a table are as wide for wide characters as for narrow ones', () => {
  const lines = stripVTControlCharacters(streamed(ANSWER, { pieceChars: 7, columns: 80 })).split('\n');
  const table = lines.filter((line) => /^[┌├└]|^│.*│/.test(line));
  expect(table.length).toBeGreaterThan(4);
  expect(new Set(table.map(widthOf)).size).toBe(1);
});
