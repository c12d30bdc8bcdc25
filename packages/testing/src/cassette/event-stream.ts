import { parseOrKeep } from '../json.ts';
import type { StreamedEvent } from './exchange.ts';

/** The events of a whole `text/event-stream`. Comments are left out; an event that was cut off is one. */
export function parseEvents(text: string): readonly StreamedEvent[] {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n\n')
    .flatMap((block) => {
      const fields = block.split('\n').map(fieldOf);
      const data = fields.filter(({ name }) => name === 'data').map(({ value }) => value);
      if (data.length === 0) return [];
      const event = fields.findLast(({ name }) => name === 'event')?.value;
      const id = fields.findLast(({ name }) => name === 'id')?.value;
      return [
        {
          ...(event !== undefined && { event }),
          ...(id !== undefined && { id }),
          data: parseOrKeep(data.join('\n')),
        },
      ];
    });
}

export function printEvent({ event, id, data }: StreamedEvent): string {
  const lines = (typeof data === 'string' ? data : JSON.stringify(data)).split('\n');
  return [
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...lines.map((line) => `data: ${line}`),
    '\n',
  ].join('\n');
}

function fieldOf(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':');
  if (colon === -1) return { name: line, value: '' };
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
}
