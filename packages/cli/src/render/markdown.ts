import { createMarkdownStreamer, render } from 'markdansi';
import { highlightCode } from './highlight-code.ts';

/** Markdown that comes in pieces, made into text for a terminal that is only ever appended. */
export interface MarkdownStream {
  /** The lines that are complete with `delta`; tables and code when they are closed. */
  push(delta: string): string;
  /** What is left at the end, with a line break at its end. */
  finish(): string;
}

/** For text without escape sequences: what the model says has to be made safe before. */
export function streamMarkdown({ columns, isColored }: MarkdownOptions): MarkdownStream {
  const options = {
    width: Math.max(20, columns),
    color: isColored,
    hyperlinks: false,
    // A cell that is cut off would be a result that is not the database's.
    tableTruncate: false,
    codeBox: false,
    highlighter: isColored ? highlightCode : (code: string) => code,
  };
  // It renders line by line, so that the depth of a list is known to the line alone.
  const indented = (markdown: string): string => {
    const [indent = ''] = /^ +(?=(?:[-*+]|\d+[.)]) )/.exec(markdown) ?? [];
    const width = Math.max(20, columns - indent.length);
    const text = render(markdown.slice(indent.length), { ...options, width });
    return indent === '' ? text : text.replaceAll(/^(?=.)/gm, indent);
  };
  const stream = createMarkdownStreamer({ render: indented, spacing: 'single' });
  return {
    push: (delta) => stream.push(delta),
    finish() {
      const rest = stream.finish();
      return rest === '' || rest.endsWith('\n') ? rest : `${rest}\n`;
    },
  };
}

export interface MarkdownOptions {
  readonly columns: number;
  readonly isColored: boolean;
}
