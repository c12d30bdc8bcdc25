import type { GetPromptResult, ReadResourceResult } from '@modelcontextprotocol/client';
import { PatchbayError } from '../errors.ts';
import type { ContentPart } from '../tools.ts';
import { printable } from '../untrusted-text.ts';
import { toPart } from './content.ts';
import type { ServerConnection } from './server-connection.ts';
import { qualifyToolName } from './tool-name.ts';
import type { Ask } from './within-limits.ts';

/** Something a server offers to read. Its URI is unique on its own server alone. */
export interface ResourceDefinition {
  readonly server: string;
  readonly uri: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
}

/** A family of resources: `uriTemplate` is one of RFC 6570. */
export interface ResourceTemplate extends Omit<ResourceDefinition, 'uri'> {
  readonly uriTemplate: string;
}

/** One piece of what was read, as the server sent it: text, or bytes as base64. */
export type ResourceContent = { readonly uri: string; readonly mimeType?: string | undefined } & (
  | { readonly text: string }
  | { readonly data: string }
);

export interface PromptDefinition {
  /** Named as tools are: unique among all servers. */
  readonly name: string;
  readonly server: string;
  /** What the server itself calls the prompt. */
  readonly prompt: string;
  readonly description?: string | undefined;
  readonly arguments: readonly {
    readonly name: string;
    readonly description?: string | undefined;
    readonly isRequired: boolean;
  }[];
}

export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content: ContentPart;
}

/** What was listed, and of which servers it is missing and why. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly failures: readonly { readonly server: string; readonly reason: string }[];
}

/** What an argument belongs to whose values are asked for. */
export type CompletionTarget =
  | { readonly server: string; readonly prompt: string }
  | { readonly server: string; readonly uriTemplate: string };

export interface CompletionInput {
  readonly argument: string;
  /** What has been typed so far. */
  readonly value: string;
  /** Arguments that have their values already. */
  readonly given?: Readonly<Record<string, string>>;
}

/**
 * Everything servers offer besides tools. Lists ask the servers that run; what names a server starts it where it must.
 * Single requests throw {@link PatchbayError}: `SERVER_UNAVAILABLE`, or `SERVER_REFUSED` with the server's own words.
 */
export class Library {
  readonly #connections: ReadonlyMap<string, ServerConnection>;

  constructor(connections: ReadonlyMap<string, ServerConnection>) {
    this.#connections = connections;
  }

  listResources(signal?: AbortSignal): Promise<Listing<ResourceDefinition>> {
    return this.#list(signal, (server) => async (session, options) => {
      if (!session.capabilities.resources) return [];
      const { resources } = await (await session.client()).listResources(undefined, options);
      return resources.map(({ uri, name, description, mimeType }) => ({
        server,
        uri,
        name: printable(name),
        description: safe(description),
        mimeType,
      }));
    });
  }

  listResourceTemplates(signal?: AbortSignal): Promise<Listing<ResourceTemplate>> {
    return this.#list(signal, (server) => async (session, options) => {
      if (!session.capabilities.resources) return [];
      const { resourceTemplates } = await (await session.client()).listResourceTemplates(undefined, options);
      return resourceTemplates.map(({ uriTemplate, name, description, mimeType }) => ({
        server,
        uriTemplate,
        name: printable(name),
        description: safe(description),
        mimeType,
      }));
    });
  }

  async readResource(
    { server, uri }: Pick<ResourceDefinition, 'server' | 'uri'>,
    signal?: AbortSignal,
  ): Promise<readonly ResourceContent[]> {
    const { contents } = await this.#connection(server).request(
      async (session, options) => (await session.client()).readResource({ uri }, options),
      signal,
    );
    return contents.map(toResourceContent);
  }

  listPrompts(signal?: AbortSignal): Promise<Listing<PromptDefinition>> {
    return this.#list(signal, (server) => async (session, options) => {
      if (!session.capabilities.prompts) return [];
      const { prompts } = await (await session.client()).listPrompts(undefined, options);
      return prompts.map(({ name: prompt, description, arguments: args = [] }) => ({
        name: qualifyToolName(server, prompt),
        server,
        prompt,
        description: safe(description),
        arguments: args.map(({ name, description: text, required }) => ({
          name,
          description: safe(text),
          isRequired: required === true,
        })),
      }));
    });
  }

  async getPrompt(
    { server, prompt }: Pick<PromptDefinition, 'server' | 'prompt'>,
    args: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<readonly PromptMessage[]> {
    const { messages } = await this.#connection(server).request(
      async (session, options) =>
        (await session.client()).getPrompt({ name: prompt, arguments: { ...args } }, options),
      signal,
    );
    return messages.map(toPromptMessage);
  }

  /** Values that an argument may have, best first. */
  async complete(
    target: CompletionTarget,
    { argument, value, given = {} }: CompletionInput,
    signal?: AbortSignal,
  ): Promise<readonly string[]> {
    const ref =
      'prompt' in target
        ? ({ type: 'ref/prompt', name: target.prompt } as const)
        : ({ type: 'ref/resource', uri: target.uriTemplate } as const);
    const { completion } = await this.#connection(target.server).request(
      async (session, options) =>
        (await session.client()).complete(
          { ref, argument: { name: argument, value }, context: { arguments: { ...given } } },
          options,
        ),
      signal,
    );
    return completion.values.map((each) => printable(each));
  }

  async #list<T>(
    signal: AbortSignal | undefined,
    ask: (server: string) => Ask<readonly T[]>,
  ): Promise<Listing<T>> {
    const running = [...this.#connections].filter(([, connection]) => connection.isRunning);
    const settled = await Promise.allSettled(
      running.map(([server, connection]) => connection.request(ask(server), signal)),
    );
    signal?.throwIfAborted();
    const items = settled.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    const failures = settled.flatMap((each, index) => {
      const server = running[index]?.[0] ?? '?';
      return each.status === 'rejected' ? [{ server, reason: printable(String(each.reason?.message)) }] : [];
    });
    return { items, failures };
  }

  #connection(server: string): ServerConnection {
    const connection = this.#connections.get(server);
    if (connection) return connection;
    throw new PatchbayError('SERVER_UNAVAILABLE', `There is no server named "${server}"`);
  }
}

function toResourceContent(content: ReadResourceResult['contents'][number]): ResourceContent {
  const { uri, mimeType } = content;
  return 'text' in content ? { uri, mimeType, text: content.text } : { uri, mimeType, data: content.blob };
}

function toPromptMessage({ role, content }: GetPromptResult['messages'][number]): PromptMessage {
  return { role, content: toPart(content) };
}

function safe(text: string | undefined): string | undefined {
  return text === undefined ? undefined : printable(text);
}
