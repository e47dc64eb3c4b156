import { type IncomingMessage } from 'node:http';
import { Refusal } from './hook-answer';

export const MOST_BYTES = 1024 * 1024;
const CLOSE = { Connection: 'close' };

/**
 * Reads a body as the bytes it came in. How long it may take is the server's to say.
 * @throws Refusal 413 as soon as it is known to be too large: the rest is not read
 */
export function readBody(request: IncomingMessage, most: number = MOST_BYTES): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > most) return reject(tooLarge(most));
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) {
        request.pause().removeAllListeners('data');
        reject(tooLarge(most));
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Refusal(400, 'The body ended before it was complete.', CLOSE));
    });
  });
}

function tooLarge(most: number): Refusal {
  return new Refusal(413, `The body has more than ${most} bytes: send less at once.`, CLOSE);
}
