import { SetMetadata } from '@nestjs/common';
import { type z } from 'zod';

/** What the description of the API says of a route, beside its path, its method and its rule. */
export interface RouteDescription {
  /** One sentence. */
  readonly says: string;
  /** What it takes, as it is sent: fields of the query, parameters of the path, the body. */
  readonly query?: z.ZodType;
  readonly params?: z.ZodType;
  readonly body?: z.ZodType;
  /** What it answers with, as it is received: `pageOf(processView)` for a list, null for an empty answer. */
  readonly answer?: z.ZodType | null;
  /** Only where the route sets it by hand; otherwise it is what Nest sends: `@HttpCode`, or 201 for POST and 200. */
  readonly status?: 200 | 201 | 202 | 204;
  /** The media type of an answer that is not JSON, such as `text/csv`. */
  readonly type?: string;
}

export const ROUTE_DESCRIPTION = Symbol('route description');

/** Every route says what it is for and what it takes and answers; `/api/openapi.json` is made of it. */
export const Describe = (description: RouteDescription) => SetMetadata(ROUTE_DESCRIPTION, description);
