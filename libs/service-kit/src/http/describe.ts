import { SetMetadata } from '@nestjs/common';
import { type EventContract } from '@recert/contracts';
import { type z } from 'zod';

/** What the description of the API says of a route, beside its path, its method and its rule. */
export interface RouteDescription {
  /** One sentence. */
  readonly says: string;
  /** What it takes, as it is sent: fields of the query, parameters of the path, the body. */
  readonly query?: z.ZodType;
  readonly params?: z.ZodType;
  readonly body?: z.ZodType;
  /** The media type of a text that may stand in place of a JSON body, such as `text/markdown`. */
  readonly bodyText?: string;
  /** What it answers with, as it is received: `pageOf(processView)` for a list, null for an empty answer. */
  readonly answer?: z.ZodType | null;
  /** Only where the route sets it by hand; otherwise it is what Nest sends: `@HttpCode`, or 201 for POST and 200. */
  readonly status?: 200 | 201 | 202 | 204 | 302;
  /** The media type of an answer that is not JSON, such as `text/csv`; beside `answer` it may be either. */
  readonly type?: string;
  /** What a public route wants instead of a credential: a header that only the right sender can fill. */
  readonly proof?: HeaderProof;
}

export interface HeaderProof {
  readonly header: string;
  /** What stands in it. */
  readonly says: string;
}

export const ROUTE_DESCRIPTION = Symbol('route description');

/** Every route says what it is for and what it takes and answers; `/api/openapi.json` is made of it. */
export const Describe = (description: RouteDescription) => SetMetadata(ROUTE_DESCRIPTION, description);

/** A webhook, which the framework does not know as a route: `@DescribeHook` stands on its class. */
export interface HookDescription extends Pick<RouteDescription, 'says' | 'query' | 'params'> {
  /** As OpenAPI writes it, e.g. `/hooks/kpi/{product}`. */
  readonly path: string;
  readonly body: z.ZodType;
  /** Headers that may tell more, with what stands in them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What it says on the bus of what came in; nothing where it is missing. */
  readonly emits?: readonly EventContract[];
  /** A header, or a token of ours with this one scope, such as `kpi:{product}`. */
  readonly proof: HeaderProof | { readonly token: string };
}

const HOOK_DESCRIPTION = Symbol('hook description');

/** States a hook's path, and all else that there is to know before one sends something there. */
export const DescribeHook = (description: HookDescription) => SetMetadata(HOOK_DESCRIPTION, description);

/** @returns undefined for a class that is no hook */
export function hookDescription(type: object): HookDescription | undefined {
  return Reflect.getMetadata(HOOK_DESCRIPTION, type) as HookDescription | undefined;
}
