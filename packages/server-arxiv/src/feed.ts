import { errorMessage, oneLine, ToolError } from '@patchbay/server-kit';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as z from 'zod';
import { decodeEntities } from './html-entities.ts';
import { formatError } from '@patchbay/server-kit/http-client';
import { ARXIV } from './upstream.ts';
import type { Paper, PaperPage } from './paper.ts';
import { parsePaperId } from './paper-id.ts';

const MAX_AUTHORS = 50;
const MAX_ABSTRACT_LENGTH = 10_000;

const LISTS: ReadonlySet<string> = new Set(['entry', 'author', 'category']);

/**
 * Names are compared without their prefixes, because the format of autumn 2025 declares them elsewhere and in another
 * order than the one before; every value is an object, because only some elements had attributes.
 */
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  alwaysCreateTextNode: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // It knows no numbered characters.
  processEntities: false,
  isArray: (name) => LISTS.has(name),
});

const textSchema = z
  .object({ '#text': z.string().default('') })
  .transform((node) => decodeEntities(node['#text']));
const countSchema = z.object({ '#text': z.coerce.number().int().min(0) }).transform((node) => node['#text']);
const termSchema = z.object({ '@term': z.string().default('') }).transform((node) => node['@term']);

const entrySchema = z.object({
  id: textSchema.optional(),
  title: textSchema.optional(),
  summary: textSchema.optional(),
  published: textSchema.optional(),
  updated: textSchema.optional(),
  author: z.array(z.object({ name: textSchema })).default([]),
  category: z.array(termSchema).default([]),
  primary_category: termSchema.optional(),
  comment: textSchema.optional(),
  journal_ref: textSchema.optional(),
  doi: textSchema.optional(),
});

const feedSchema = z.object({
  feed: z.object({ totalResults: countSchema, entry: z.array(entrySchema).default([]) }),
});

type Entry = z.infer<typeof entrySchema>;

/**
 * Reads a feed of arXiv, in the format before autumn 2025 or after it.
 *
 * @throws {ToolError} `BAD_QUERY` when arXiv says in it what is wrong with the request, `UPSTREAM_FORMAT` when it is
 * no such feed.
 */
export function parseFeed(xml: string): PaperPage {
  const { feed } = readFeed(xml);
  const refusal = feed.entry.find(isRefusal);
  if (refusal) {
    throw new ToolError(
      'BAD_QUERY',
      `arXiv refused the request: ${oneLine(refusal.summary ?? 'no reason given')}`,
      {
        hint: 'Change the arguments; the same request fails again.',
      },
    );
  }
  const papers = feed.entry.flatMap((entry) => (entry.id === undefined ? [] : [toPaper(entry, entry.id)]));
  return { papers, total: feed.totalResults };
}

function readFeed(xml: string): z.infer<typeof feedSchema> {
  // A feed declares no entities. A document that does is not one, and may be made to grow.
  if (/<!(?:DOCTYPE|ENTITY)/iu.test(xml)) throw formatError(ARXIV, 'it is no feed');
  const validity = XMLValidator.validate(xml);
  if (validity !== true) throw formatError(ARXIV, `it is not XML: ${validity.err.msg}`);
  const parsed = feedSchema.safeParse(parseXml(xml));
  if (!parsed.success) throw formatError(ARXIV, z.prettifyError(parsed.error));
  return parsed.data;
}

/** The parser refuses names that could change objects. */
function parseXml(xml: string): unknown {
  try {
    return parser.parse(xml);
  } catch (error) {
    throw formatError(ARXIV, errorMessage(error), error);
  }
}

/** Source: info.arxiv.org/help/api/user-manual, 3.4. The HTTP status may be 200. */
function isRefusal({ id = '', title }: Entry): boolean {
  return id.includes('/api/errors') || (title === 'Error' && !id.includes('/abs/'));
}

function toPaper(entry: Entry, address: string): Paper {
  const { title, published, updated } = entry;
  const [, name] = /\/abs\/(.+)$/u.exec(address) ?? [];
  if (name === undefined || title === undefined || published === undefined || updated === undefined) {
    throw formatError(ARXIV, `the entry ${address} lacks an id, title or date`);
  }
  const { id, version = 1 } = parsePaperId(name);
  const categories = entry.category.map((term) => oneLine(term)).filter((term) => term !== '');
  return {
    id,
    version,
    title: oneLine(title, 1000),
    authors: entry.author.slice(0, MAX_AUTHORS).map((author) => oneLine(author.name)),
    authorCount: entry.author.length,
    abstract: oneLine(entry.summary ?? '', MAX_ABSTRACT_LENGTH),
    categories,
    primaryCategory: oneLine(entry.primary_category ?? categories[0] ?? ''),
    published: oneLine(published),
    updated: oneLine(updated),
    doi: optional(entry.doi),
    journalRef: optional(entry.journal_ref),
    comment: optional(entry.comment),
  };
}

function optional(text: string | undefined): string | undefined {
  const plain = oneLine(text ?? '', 1000);
  return plain === '' ? undefined : plain;
}
