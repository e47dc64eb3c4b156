import { type Socket } from 'node:net';
import { titleOf } from '../errors';

/** So long the headers of a request may take, and so long all of it. */
export const HEADERS_MS = 10_000;
export const REQUEST_MS = 20_000;
/** How often is looked whether somebody takes longer. */
export const LOOK_MS = 1_000;

const DETAILS: Readonly<Record<number, string>> = {
  400: 'This is no HTTP.',
  408: 'The request did not come in time.',
  431: 'The headers are too large.',
};

/** Ends a connection on which no request came to its end, with the reason as every other error has it. */
export function endWithProblem(error: { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = statusOf(error.code);
  const title = titleOf(status);
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: DETAILS[status] });
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\n` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

function statusOf(code: string | undefined): number {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
}
