import { posix } from 'node:path';
import type { LibraryContent, ReadLimits } from './read-library';
import type { LibrarySource } from './source-address';
import { decodePercent } from './parse-percent';
import { splitCredentials } from './source-credentials';
import { detailsOf, LibraryReadError, tooLarge } from './source-error';
import { decodeMarkdown } from './source-text';

type HttpSource = Extract<LibrarySource, { kind: 'http' }>;

const MOST_REDIRECTS = 3;
const ACCEPT = 'text/markdown, text/plain;q=0.9, */*;q=0.5';

/** Reads one Markdown file from a web server; a user name and password in the address are sent as basic authentication. */
export async function readHttp(source: HttpSource, limits: ReadLimits): Promise<LibraryContent> {
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await request(source, deadline);
    await checkAnswer(source, response, limits);
    const bytes = await readBody(source, response, limits.maxBytes);
    const path = fileName(source.url);
    return { layout: 'file', files: [{ path, text: decodeMarkdown(source.label, path, bytes) }] };
  } catch (error) {
    throw asReadError(source, error, deadline, limits);
  }
}

async function request(source: HttpSource, signal: AbortSignal): Promise<Response> {
  const { url: first, authorization } = splitCredentials(source.url);
  let url = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const isAuthorized = authorization !== null && url.origin === first.origin;
    const headers = { accept: ACCEPT, ...(isAuthorized ? { authorization } : {}) };
    const response = await fetch(url.href, { headers, redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    url = nextUrl(source, url, location);
  }
  throw new LibraryReadError(
    source.label,
    `it is redirected more than ${MOST_REDIRECTS} times: write the final address`,
  );
}

function nextUrl(source: HttpSource, from: URL, location: string): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : null;
  const isAsSafe = next?.protocol === 'https:' || (next?.protocol === 'http:' && from.protocol === 'http:');
  if (next !== null && isAsSafe) return splitCredentials(next.href).url;
  const target = next === null ? 'something that is no address' : `${next.protocol}//${next.host}`;
  throw new LibraryReadError(
    source.label,
    `it is redirected from ${from.protocol}// to ${target}, which is not followed`,
  );
}

async function checkAnswer(source: HttpSource, response: Response, limits: ReadLimits): Promise<void> {
  const reason = refusal(response);
  const length = Number(response.headers.get('content-length') ?? 0);
  if (reason === null && length <= limits.maxBytes) return;
  await response.body?.cancel();
  if (reason !== null) throw new LibraryReadError(source.label, reason);
  throw tooLarge(source.label, 'the file', length, limits.maxBytes);
}

function refusal(response: Response): string | null {
  const { status } = response;
  if (status === 401 || status === 403)
    return `the server answers ${status}: this service may not read it; is it public?`;
  if (status === 404 || status === 410) return `the server answers ${status}: there is no such file; is it public?`;
  if (status !== 200) return `the server answers ${status} ${response.statusText}`.trimEnd();
  const isPage = /^\s*(?:text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? '');
  return isPage
    ? 'that is a web page, not Markdown: write the address of the raw file, or git+https://.. for a repository'
    : null;
}

async function readBody(source: HttpSource, response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    length += bytes.length;
    // Leaving the loop closes the connection: the rest is not read.
    if (length > maxBytes) throw tooLarge(source.label, 'the file', null, maxBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, length);
}

function fileName(url: string): string {
  return decodePercent(posix.basename(new URL(url).pathname)) || 'library.md';
}

function asReadError(source: HttpSource, error: unknown, deadline: AbortSignal, limits: ReadLimits): LibraryReadError {
  if (error instanceof LibraryReadError) return error;
  if (deadline.aborted) {
    const reason = `the server did not answer in full within ${limits.timeoutMs / 1000} seconds: try again later`;
    return new LibraryReadError(source.label, reason);
  }
  // Fetch itself says no more than "fetch failed"; its cause says why.
  const { message, cause } = detailsOf(error);
  const why = cause === undefined ? message : detailsOf(cause).message;
  return new LibraryReadError(source.label, `the server cannot be reached (${why}): is the address right?`);
}
