import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const SMALLEST_PART = 5 * 2 ** 20;
/** So that a list has a second page soon. */
const PAGE = 2;
const UNSIGNED = 'UNSIGNED-PAYLOAD';

export const s3Keys = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', region: 'fra1' };

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/** One bucket of an S3-compatible store, by its path: it takes only what is signed as Signature Version 4 says. */
export class S3Stub {
  readonly objects = new Map<string, Buffer>();
  /** Uploads in parts that were begun and not ended. */
  readonly uploads = new Map<string, Map<number, Buffer>>();
  readonly heard: string[] = [];
  /** Parts that fail once, as a store that is busy. */
  readonly failOnce = new Set<number>();
  /** A part that it never takes. */
  refused = 0;
  private readonly server: Server;

  constructor(readonly bucket: string) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const url = new URL(request.url!, `http://${request.headers.host}`);
    this.heard.push(`${request.method} ${url.pathname}`);
    try {
      checkSignature(request, url, body);
      const [, bucket = '', ...path] = url.pathname.split('/');
      if (bucket !== this.bucket) throw new Refusal(404, 'NoSuchBucket');
      const { text, ...rest } = this.act(request, url, decodeURIComponent(path.join('/')), body);
      response.writeHead(200, { 'content-type': 'application/xml', ...rest.headers });
      response.end(request.method === 'HEAD' ? undefined : text);
    } catch (error) {
      const { status, code } = error instanceof Refusal ? error : new Refusal(500, String(error));
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
    }
  }

  private act(request: IncomingMessage, { searchParams: query }: URL, key: string, body: Buffer): Answer {
    const upload = query.get('uploadId');
    switch (`${request.method} ${key === '' ? 'bucket' : 'object'}`) {
      case 'GET bucket':
        return this.list(query);
      case 'GET object':
      case 'HEAD object':
        return this.get(key);
      case 'PUT object':
        if (request.headers['content-length'] === undefined) throw new Refusal(411, 'MissingContentLength');
        return upload === null ? this.put(key, body) : this.putPart(upload, Number(query.get('partNumber')), body);
      case 'POST object':
        return upload === null ? this.begin() : this.complete(key, upload);
      case 'DELETE object':
        if (upload === null) this.objects.delete(key);
        else this.uploads.delete(upload);
        return { text: '' };
      default:
        throw new Refusal(405, 'MethodNotAllowed');
    }
  }

  private list(query: URLSearchParams): Answer {
    const after = query.get('continuation-token') ?? '';
    const prefix = query.get('prefix') ?? '';
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, PAGE);
    const items = page.map(
      (key) =>
        `<Contents><Key>${key}</Key><Size>${this.objects.get(key)!.length}</Size><LastModified>2026-11-30T21:30:00.000Z</LastModified><ETag>"x"</ETag></Contents>`,
    );
    const more = keys.length > PAGE;
    const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    return {
      text: `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${items.join('')}</ListBucketResult>`,
    };
  }

  private get(key: string): Answer {
    const found = this.objects.get(key);
    if (found === undefined) throw new Refusal(404, 'NoSuchKey');
    return { text: found, headers: { 'content-type': 'application/octet-stream', 'content-length': found.length } };
  }

  private put(key: string, body: Buffer): Answer {
    this.objects.set(key, body);
    return { text: '', headers: { etag: `"${createHash('md5').update(body).digest('hex')}"` } };
  }

  private begin(): Answer {
    const id = randomUUID();
    this.uploads.set(id, new Map());
    return {
      text: `<?xml version="1.0"?><InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    };
  }

  private putPart(id: string, part: number, body: Buffer): Answer {
    if (part === this.refused) throw new Refusal(403, 'AccessDenied');
    if (this.failOnce.delete(part)) throw new Refusal(503, 'SlowDown');
    const upload = this.uploads.get(id);
    if (upload === undefined) throw new Refusal(404, 'NoSuchUpload');
    upload.set(part, body);
    return { text: '', headers: { etag: `"part-${part}"` } };
  }

  private complete(key: string, id: string): Answer {
    const parts = [...(this.uploads.get(id) ?? [])].sort(([a], [b]) => a - b).map(([, body]) => body);
    if (parts.length === 0) throw new Refusal(400, 'InvalidPart');
    if (parts.slice(0, -1).some(({ length }) => length < SMALLEST_PART)) throw new Refusal(400, 'EntityTooSmall');
    this.objects.set(key, Buffer.concat(parts));
    this.uploads.delete(id);
    return {
      text: `<?xml version="1.0"?><CompleteMultipartUploadResult><Key>${key}</Key><ETag>"whole"</ETag></CompleteMultipartUploadResult>`,
    };
  }
}

interface Answer {
  readonly text: string | Buffer;
  readonly headers?: Readonly<Record<string, string | number>>;
}

/** @throws Refusal as a store does */
function checkSignature(request: IncomingMessage, url: URL, body: Buffer): void {
  const shape =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
  const [, id, date = '', region = '', names = '', signature] = shape.exec(request.headers.authorization ?? '') ?? [];
  if (id !== s3Keys.id) throw new Refusal(403, 'InvalidAccessKeyId');
  if (region !== s3Keys.region) throw new Refusal(400, 'AuthorizationHeaderMalformed');
  const time = String(request.headers['x-amz-date']);
  if (!time.startsWith(date)) throw new Refusal(403, 'RequestTimeTooSkewed');
  const signed = names.split(';');
  for (const needed of ['host', 'x-amz-date', 'x-amz-content-sha256'])
    if (!signed.includes(needed)) throw new Refusal(403, 'AccessDenied');
  const content = String(request.headers['x-amz-content-sha256']);
  if (content !== UNSIGNED && content !== sha256(body)) throw new Refusal(400, 'XAmzContentSHA256Mismatch');
  const encode = (text: string): string =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const headers = signed.map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, url.pathname, query.join('&'), headers.join(''), names, content].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${s3Keys.secret}`, date), region), 's3'), 'aws4_request');
  const wanted = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  if (signature !== wanted) throw new Refusal(403, 'SignatureDoesNotMatch');
}
