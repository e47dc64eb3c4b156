import { type ServerResponse } from 'node:http';
import { problemOf } from '@recert/service-kit';
import { type Accepted } from './accept-request';

/** Something that ends a request, with what its sender has to know. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }
}

export function answerAccepted(response: ServerResponse, { id, repeated }: Accepted): void {
  send(response, repeated ? 200 : 202, 'application/json', `{"id":"${id}"}`);
}

/** RFC 9457, like every other error of a service. */
export function answerRefused(response: ServerResponse, { status, message, headers }: Refusal): void {
  send(response, status, 'application/problem+json', JSON.stringify(problemOf(status, message)), headers);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  // Counted so also where nobody hears it any more.
  response.statusCode = status;
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...headers });
  response.end(body);
}
