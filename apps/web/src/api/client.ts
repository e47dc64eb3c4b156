import createClient from 'openapi-fetch';
import type { components, paths } from './schema';

/** The HTTP API of all services, typed by its own description. The session's cookie goes along by itself. */
export const api = createClient<paths>({ baseUrl: '/' });

/** A schema of the description, e.g. `Schema<'ProcessView'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** What the server said was wrong (RFC 9457), or that it could not be reached: `message` is for people. */
export class ProblemError extends Error {
  constructor(
    /** 0 when there was no answer at all. */
    readonly status: number,
    detail: string,
    /** By field, what is wrong with it. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** @returns what a call answered. @throws ProblemError for everything that is not a success */
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch {
    throw new ProblemError(0, 'The server cannot be reached. Check the connection; nothing was changed.');
  }
  const { data, error, response } = answer;
  if (response.ok) return data as T;
  throw toProblem(response.status, error);
}

function toProblem(status: number, error: unknown): ProblemError {
  const { detail, errors } = (typeof error === 'object' && error !== null ? error : {}) as {
    detail?: string;
    errors?: { field: string; message: string }[];
  };
  const fields = Object.fromEntries((errors ?? []).map(({ field, message }) => [field, message]));
  return new ProblemError(status, detail ?? `The server answered ${status}.`, fields);
}
