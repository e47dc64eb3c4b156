import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type LookupFunction } from 'node:net';
import { isAddress, type OutgoingAllow, plainHost, whyNotReached } from './outgoing-allow';

/** Of an answer no more than this is read. */
const MOST_READ = 64 * 1024;
const LONGEST_HINT = 200;

/** The addresses of a name, as the system knows them. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** The `Reach` of this process. */
export const REACH = Symbol('reach');

/** Where may be sent to, and how names become addresses. */
export interface Reach {
  readonly allow: OutgoingAllow;
  readonly resolve: Resolve;
}

export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** What the other side said. */
export interface OutsideAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** Where a redirect leads, without its path; null where it is none. */
  readonly redirectsTo: string | null;
  /** The beginning of the body, in one line. */
  readonly hint: string;
}

/** It was not sent, or nobody answered; the message is a sentence that says why. */
export class NotReached extends Error {
  override readonly name = 'NotReached';
}

/**
 * Asks for a name that is asked for already only once: the system's answer may take seconds, and each question holds one
 * of the few threads that all of the process share.
 */
export function askingOnce(resolve: Resolve): Resolve {
  const asked = new Map<string, Promise<readonly LookupAddress[]>>();
  return (host) => {
    const known = asked.get(host);
    if (known !== undefined) return known;
    const answer = resolve(host).finally(() => asked.delete(host));
    asked.set(host, answer);
    return answer;
  };
}

export const resolveBySystem: Resolve = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true, verbatim: true }, (error, addresses) =>
      error === null ? resolve(addresses) : reject(error),
    );
  });

/**
 * Whether a url leads to where may be sent to, as its name stands now.
 * @returns null, or the sentence that says what to mend
 */
export async function whyNotOutside(url: string, { allow, resolve }: Reach): Promise<string | null> {
  if (!URL.canParse(url)) return 'this is no address';
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return 'only https:// and http:// can be sent to';
  const host = plainHost(hostname);
  if (isAddress(host)) return whyNotReached(host, [host], allow);
  try {
    const addresses = await resolve(host);
    return whyNotReached(
      host,
      addresses.map(({ address }) => address),
      allow,
    );
  } catch (error) {
    return `${host} has no address (${codeOf(error)}): is the name right?`;
  }
}

/**
 * Sends to the very addresses that were looked at: the name is resolved once, for both. Redirects are not followed.
 * @throws NotReached
 */
export async function postOutside(posting: Posting, reach: Reach): Promise<OutsideAnswer> {
  const { url, headers, body, timeoutMs, signal } = posting;
  const target = new URL(url);
  const host = plainHost(target.hostname);
  // Of an address nobody is asked, so that no lookup would look at it.
  const fault = isAddress(host) ? whyNotReached(host, [host], reach.allow) : null;
  if (fault !== null) throw new NotReached(fault);
  const deadline = AbortSignal.timeout(timeoutMs);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = send(target, {
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    agent: false,
    lookup: checkedLookup(reach),
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  });
  try {
    const answer = answered(sent);
    sent.end(body);
    return toAnswer(target, await answer);
  } catch (error) {
    throw asNotReached(error, deadline, timeoutMs);
  } finally {
    sent.destroy();
  }
}

/** Looks at every address of a name before any of them is connected to. */
function checkedLookup({ allow, resolve }: Reach): LookupFunction {
  return (host, { all = false }, callback) => {
    resolve(plainHost(host)).then(
      (addresses) => {
        const fault = whyNotReached(
          host,
          addresses.map(({ address }) => address),
          allow,
        );
        const [first] = addresses;
        if (fault !== null || first === undefined) return callback(new NotReached(fault ?? host), []);
        if (all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    );
  };
}

interface Read {
  readonly response: IncomingMessage;
  readonly text: string;
}

/** Once the status is there, a body that never ends does not change what came of it. */
function answered(sent: ClientRequest): Promise<Read> {
  return new Promise((resolve, reject) => {
    let fail: (error: Error) => void = reject;
    sent.on('error', (error) => fail(error));
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (): void =>
        resolve({ response, text: Buffer.concat(chunks).subarray(0, MOST_READ).toString('utf8') });
      fail = end;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size < MOST_READ) return;
        end();
        response.destroy();
      });
      response.on('end', end);
      response.on('error', end);
      response.on('close', end);
    });
  });
}

function toAnswer(from: URL, { response, text }: Read): OutsideAnswer {
  const { statusCode = 0, headers } = response;
  const location = headers.location ?? '';
  const isRedirect = statusCode >= 300 && statusCode <= 399;
  const target = URL.canParse(location, from.href) ? new URL(location, from).origin : 'somewhere else';
  return {
    status: statusCode,
    retryAfter: headers['retry-after'] ?? null,
    redirectsTo: isRedirect ? target : null,
    hint: text.slice(0, LONGEST_HINT).replace(/\s+/g, ' ').trim(),
  };
}

function asNotReached(error: unknown, deadline: AbortSignal, timeoutMs: number): NotReached {
  if (error instanceof NotReached) return error;
  if (deadline.aborted) return new NotReached(`it did not answer within ${timeoutMs / 1000} seconds`);
  return new NotReached(`it cannot be reached (${codeOf(error)})`, { cause: error });
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
