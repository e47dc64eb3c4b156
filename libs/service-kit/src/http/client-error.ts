import { type Socket } from 'node:net';
import { problemOf } from '../errors';

/** So long the headers of a request may take, and so long all of it. */
export const HEADERS_MS = 10_000;
export const REQUEST_MS = 20_000;
/** How often is looked whether somebody takes longer. */
export const LOOK_MS = 1_000;

const NO_HTTP = problemOf(400, 'This is no HTTP.');
const PROBLEMS: Readonly<Record<string, typeof NO_HTTP>> = {
  ERR_HTTP_REQUEST_TIMEOUT: problemOf(408, 'The request did not come in time.'),
  HPE_HEADER_OVERFLOW: problemOf(431, 'The headers are too large.'),
};

/** Ends a connection on which no request came to its end, with the reason as every other error has it. */
export function endWithProblem(error: { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const problem = PROBLEMS[error.code ?? ''] ?? NO_HTTP;
  const body = JSON.stringify(problem);
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: application/problem+json\r\n` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
