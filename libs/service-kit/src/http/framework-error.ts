import { type FastifyReply, type FastifyRequest } from 'fastify';
import { titleOf } from '../errors';

const DETAILS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON: send JSON, or leave out Content-Type: application/json.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty: send JSON, or leave out Content-Type: application/json.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send JSON, and say so: Content-Type: application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than this route takes.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
  FST_ERR_BAD_URL: 'The address is not encoded as an address must be (RFC 3986).',
};

/** Answers what Fastify refuses before a route is reached, as every other error is answered. */
export function answerFrameworkError(
  error: { statusCode?: number; code?: string; message: string },
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  const status = error.statusCode ?? 500;
  const detail = DETAILS[error.code ?? ''] ?? (status < 500 ? error.message : 'This is a defect of the service.');
  const problem = { type: 'about:blank', title: titleOf(status), status, detail };
  void reply.status(status).header('Content-Type', 'application/problem+json').send(JSON.stringify(problem));
}
