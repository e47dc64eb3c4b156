import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { problemOf } from '../errors';

const DETAILS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY:
    'The body is not JSON, or a name in it is __proto__ or constructor.prototype: send JSON, or leave out Content-Type: application/json.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty: send JSON, or leave out Content-Type: application/json.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send JSON, and say so: Content-Type: application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than this route takes.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
  FST_ERR_BAD_URL: 'The address is not encoded as an address must be (RFC 3986).',
};

/** An error as Fastify makes them. */
interface FrameworkError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message: string;
}

/** Answers what Fastify refuses before a route is reached, as every other error is answered. */
export function answerFrameworkError(error: FrameworkError, _request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  const refusal = DETAILS[error.code ?? ''] ?? error.message;
  const detail = status < 500 ? refusal : 'This is a defect of the service.';
  void reply
    .status(status)
    .header('Content-Type', 'application/problem+json')
    .send(JSON.stringify(problemOf(status, detail)));
}

/** Nest sends its own errors through the filter before Fastify sees them; of Fastify's own it would keep no code. */
export class ProblemAdapter extends FastifyAdapter {
  /** Set at once: routes that are finished before Nest would set it keep the framework's own. */
  private readonly answering = this.instance.setErrorHandler(answerFrameworkError);

  override setErrorHandler(_: unknown) {
    return this.answering;
  }
}
