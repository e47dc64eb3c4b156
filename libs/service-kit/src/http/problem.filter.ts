import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { type Problem } from '@recert/contracts';
import { isOperational } from '@recert/bus';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { throwError, type Observable } from 'rxjs';
import { ZodError } from 'zod';
import { OperationalError, problemOf, UserError, type FieldError } from '../errors';

/** What PostgreSQL says of a character that no text can hold. */
const UNSTORABLE: ReadonlySet<string> = new Set(['22021', '22P05']);

/** Every error of every service leaves as RFC 9457 `application/problem+json`; a bug says no more than that it is one. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: PinoLogger) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    // An event handler's error goes to the bus as it is; Nest would make "Internal server error" of it.
    if (host.getType() === 'rpc') return throwError(() => error);
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.describe(error, http.getRequest<FastifyRequest>());
    if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
    if (problem.status === 503) void reply.header('Retry-After', '5');
    void reply.status(problem.status).header('Content-Type', 'application/problem+json').send(JSON.stringify(problem));
  }

  private describe(error: unknown, request: FastifyRequest): Problem {
    if (error instanceof UserError) return problemOf(error.status, error.message, error.errors);
    if (error instanceof ZodError) return problemOf(400, 'What was sent is not as it should be.', fieldsOf(error));
    if (error instanceof HttpException) return problemOf(error.getStatus(), error.message);
    const status = (error as { statusCode?: unknown } | null)?.statusCode;
    if (typeof status === 'number' && status >= 400 && status < 500) return problemOf(status, (error as Error).message);
    if (error instanceof OperationalError || isOperational(error)) {
      this.log.warn({ ...fieldsOfRequest(request), err: error }, 'http: something we depend on is away');
      return problemOf(503, 'Something this service depends on is away. Nothing was changed; try again in a moment.');
    }
    if (UNSTORABLE.has(String((error as { code?: unknown } | null)?.code))) {
      return problemOf(400, 'What was sent holds a character that cannot be stored, such as NUL: leave it out.');
    }
    this.log.error({ ...fieldsOfRequest(request), err: error }, 'http: unexpected error');
    return problemOf(500, 'This is a defect of the service; it was logged.');
  }
}

/** What every line about a request says. Its path is that of the route: what stands in it may be a name. */
function fieldsOfRequest({ id, method, routeOptions }: FastifyRequest): Record<string, unknown> {
  return { correlationId: id, method, route: routeOptions.url };
}

export function fieldsOf(error: ZodError): FieldError[] {
  return error.issues.map((issue) => ({ field: issue.path.join('.') || 'body', message: issue.message }));
}
