import { type IncomingMessage } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { newEventId, type Cause } from '@recert/bus';

/** In a request, whose run it belongs to; in every answer, under which correlation id its lines and events stand. */
export const CORRELATION_HEADER = 'x-correlation-id';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a request: the one that it says itself, where that is a UUID, else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const said = headers[CORRELATION_HEADER];
  return typeof said === 'string' && UUID.test(said) ? said.toLowerCase() : newEventId();
}

/** The request as what is caused by it: what is published in a transaction with it bears the request's id. */
export const Requested = createParamDecorator((_: unknown, context: ExecutionContext): Cause => {
  const { id } = context.switchToHttp().getRequest<{ id: string }>();
  return { type: 'request', id: null, correlationId: id };
});
