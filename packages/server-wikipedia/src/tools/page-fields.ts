import * as z from 'zod';

/**
 * Every Wikipedia's code begins with two or three letters, but for that in simple English; so names such as `German` are
 * none. Without a flag for case, which a published schema would drop.
 */
const LANGUAGE = /^(?:[A-Za-z]{2,3}|simple|Simple|SIMPLE)(?:-[A-Za-z]{2,12}){0,3}$/u;

/** The language of a Wikipedia as it stands in its address, which it becomes a part of; capitals are made small. */
export const languageCode: z.ZodString = z
  .string()
  .max(20)
  .regex(LANGUAGE, 'must be a code such as en, de, zh, pt or simple')
  .toLowerCase();

/** The language that a call asks for. */
export const lang: z.ZodOptional<z.ZodString> = languageCode
  .optional()
  .describe('Language of the Wikipedia: en, de, zh, ja, simple, … Default: the setting of the server');

/** Which page. */
export const title: z.ZodString = z
  .string()
  .min(1)
  .max(255)
  .describe('Title of the page, as search lists it: "Alan Turing", "Mercury (planet)"');

/** What Wikipedia's licence asks to be passed on; part of every answer. */
export const licence: { readonly source: string; readonly license: string } = {
  source: 'Wikipedia',
  license: 'CC BY-SA 4.0',
};

export const licenceFields: { source: z.ZodString; license: z.ZodString } = {
  source: z.string(),
  license: z.string().describe('Name it, and link the page, where the text is shown'),
};

/** The shape of a page that a title may mean. */
type OptionSchema = z.ZodObject<{
  title: z.ZodString;
  description: z.ZodOptional<z.ZodString>;
  url: z.ZodString;
}>;

const option: OptionSchema = z.object({
  title: z.string(),
  description: z.string().optional(),
  url: z.string(),
});

/** What the answers about one page have in common. */
export const pageFields: {
  status: z.ZodEnum<{ ok: 'ok'; disambiguation: 'disambiguation' }>;
  title: z.ZodString;
  lang: z.ZodString;
  url: z.ZodString;
  redirected_from: z.ZodOptional<z.ZodString>;
  options: z.ZodOptional<z.ZodArray<OptionSchema>>;
  source: z.ZodString;
  license: z.ZodString;
} = {
  status: z
    .enum(['ok', 'disambiguation'])
    .describe('disambiguation: the title has several meanings, which options lists; the rest is absent'),
  title: z.string(),
  lang: z.string(),
  url: z.string(),
  redirected_from: z.string().optional().describe('The title that was asked for, when it leads here'),
  options: z.array(option).optional(),
  source: licenceFields.source,
  license: licenceFields.license,
};
