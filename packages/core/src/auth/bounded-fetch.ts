/** Longest answer of an authorization server that is read, in bytes: its metadata has some thousands. */
const MAX_BYTES = 1024 * 1024;

/** How long one answer may take, in milliseconds. */
const ANSWER_MS = 15_000;

/**
 * `fetch` for authorization servers: with limits of time and size, and never sending what is secret to where an answer
 * points.
 */
export async function boundedFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  const redirect = (init.method ?? 'GET') === 'GET' ? 'follow' : 'error';
  const response = await fetch(url, { ...init, signal, redirect });
  const { status, statusText, headers } = response;
  const body = [204, 205, 304].includes(status) ? null : await read(response);
  return new Response(body, { status, statusText, headers });
}

async function read(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`${response.url} answered more than ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
