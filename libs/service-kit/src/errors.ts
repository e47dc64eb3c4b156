import { type Problem } from '@recert/contracts';

/** One thing that is wrong with what was sent. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
};

/** Whoever sent the request must act. The detail names the thing and how to mend it. */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly status: number,
    detail: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail);
  }

  static notFound(what: string): UserError {
    return new UserError(404, `There is no ${what}.`);
  }

  static conflict(detail: string): UserError {
    return new UserError(409, detail);
  }

  static invalid(field: string, message: string): UserError {
    return new UserError(422, `${field}: ${message}`, [{ field, message }]);
  }
}

/** Something we depend on is away. It is tried again; nobody has made a mistake. */
export class OperationalError extends Error {
  override readonly name = 'OperationalError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

export function titleOf(status: number): string {
  return TITLES[status] ?? (status >= 500 ? 'Internal Server Error' : 'Error');
}

/** What every error leaves a service as (RFC 9457). */
export function problemOf(status: number, detail: string, errors: readonly FieldError[] = []): Problem {
  return {
    type: 'about:blank',
    title: titleOf(status),
    status,
    detail,
    ...(errors.length > 0 ? { errors: [...errors] } : {}),
  };
}
