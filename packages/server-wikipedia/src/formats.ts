import * as z from 'zod';

// Bodies of the Action API, formatversion 2. Only what is used is checked, so that a field more or less elsewhere
// breaks nothing. Source: mediawiki.org/wiki/API:Query, API:Search, API:Links, API:Langlinks and Extension:TextExtracts.

export interface ErrorBody {
  readonly error: { readonly code: string; readonly info: string };
}

/** What the API says of a request that it does not carry out; the HTTP status is 200 all the same. */
export const errorSchema: z.ZodType<ErrorBody> = z.object({
  error: z.object({ code: z.string(), info: z.string() }),
});

export interface SearchBody {
  readonly continue?: { readonly sroffset: number } | undefined;
  readonly query: {
    readonly searchinfo?: { totalhits?: number | undefined; suggestion?: string | undefined } | undefined;
    readonly search: readonly {
      readonly title: string;
      readonly snippet?: string | undefined;
      readonly wordcount?: number | undefined;
    }[];
  };
}

/** `list=search`. */
export const searchSchema: z.ZodType<SearchBody> = z.object({
  continue: z.object({ sroffset: z.number().int() }).optional(),
  query: z.object({
    searchinfo: z.object({ totalhits: z.number().optional(), suggestion: z.string().optional() }).optional(),
    search: z.array(
      z.object({ title: z.string(), snippet: z.string().optional(), wordcount: z.number().optional() }),
    ),
  }),
});

export interface FoundPage {
  readonly title: string;
  readonly missing?: boolean | undefined;
  readonly invalid?: boolean | undefined;
  /** Pages that the software makes, such as `Special:Random`. */
  readonly special?: boolean | undefined;
  readonly extract?: string | undefined;
  readonly description?: string | undefined;
  readonly pageprops?: { readonly disambiguation?: string | undefined } | undefined;
  readonly revisions?: readonly { readonly revid: number; readonly timestamp: string }[] | undefined;
  readonly links?: readonly { readonly title: string }[] | undefined;
  readonly langlinks?:
    | readonly { readonly lang: string; readonly title: string; readonly autonym?: string | undefined }[]
    | undefined;
}

export interface PagesBody {
  readonly continue?: { readonly plcontinue?: string | undefined } | undefined;
  /** Absent when a generator finds nothing. */
  readonly query?:
    | {
        readonly redirects?: readonly { readonly from: string; readonly to: string }[] | undefined;
        /** Titles that lead to another wiki, such as `de:Berlin`. */
        readonly interwiki?: readonly { readonly title: string }[] | undefined;
        readonly pages?: readonly FoundPage[] | undefined;
      }
    | undefined;
}

/** `titles=` with any `prop`, and `generator=links`. */
export const pagesSchema: z.ZodType<PagesBody> = z.object({
  continue: z.object({ plcontinue: z.string().optional() }).optional(),
  query: z
    .object({
      redirects: z.array(z.object({ from: z.string(), to: z.string() })).optional(),
      interwiki: z.array(z.object({ title: z.string() })).optional(),
      pages: z
        .array(
          z.object({
            title: z.string(),
            missing: z.boolean().optional(),
            invalid: z.boolean().optional(),
            special: z.boolean().optional(),
            extract: z.string().optional(),
            description: z.string().optional(),
            pageprops: z.object({ disambiguation: z.string().optional() }).optional(),
            revisions: z.array(z.object({ revid: z.number(), timestamp: z.string() })).optional(),
            links: z.array(z.object({ title: z.string() })).optional(),
            langlinks: z
              .array(z.object({ lang: z.string(), title: z.string(), autonym: z.string().optional() }))
              .optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});
