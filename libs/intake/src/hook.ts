import { type IncomingHttpHeaders } from 'node:http';
import { type Outcome, type Tx } from '@recert/bus';

/** A request at a hook, whole and as it came: nothing of its body has been understood yet. */
export interface HookRequest {
  /** What stands in the path in place of its parameter; null where the path has none. */
  readonly target: string | null;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Whether a request may come in. */
export type Admission =
  | {
      readonly ok: true;
      /** Who sends, as far as repeats and the rate are concerned, e.g. `token 6f1d2a9be04c`. */
      readonly sender: string;
      /**
       * How a repeat is known. `signed`: the body carries its own time, so the same bytes are the same thing for ever.
       * `latest`: the same bytes as this sender's last request here are its repeat for a day, and then they are news again.
       */
      readonly repeats: 'signed' | 'latest';
      /** For how many milliseconds the same bytes as the latest request are its repeat; a day where it is missing. */
      readonly repeatMs?: number;
      /** What is kept in place of the body, where the address or the headers say a part of it. */
      readonly kept?: Buffer;
      /** Whether this sender's rate is limited: one who does not send again must not be told to wait. */
      readonly limited: boolean;
      /** The product that it is about, where the sender says so already. */
      readonly productId: string | null;
    }
  /** 401 says nothing about what exists; the detail names what to mend. */
  | { readonly ok: false; readonly status: 400 | 401 | 413 | 415 | 422; readonly detail: string };

/** What was accepted, read back from the table. */
export interface Received {
  /** UUIDv7, also what the sender was answered; the id of the fact that all events about it descend from. */
  readonly id: string;
  readonly hook: string;
  readonly target: string | null;
  readonly sender: string;
  readonly productId: string | null;
  /** As the id tells it. */
  readonly receivedAt: Date;
  /** Those that the hook wanted to keep, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** 1 at the first attempt. */
  readonly attempts: number;
}

/**
 * One kind of webhook: how its sender proves itself, and what becomes of what was accepted. Its path stands in its
 * `@DescribeHook`; it may end in one parameter, which is the target of a request.
 */
export interface Hook {
  /** As it stands in the table, in logs and metrics: `kpi`, `alerts`, `sentry`. */
  readonly name: string;
  /** Names, in lower case, of the headers that are kept with the body. */
  readonly keptHeaders: readonly string[];
  /** Content types that are taken besides JSON, whose body is looked at by `handle` only. */
  readonly otherTypes?: RegExp;
  /** Looks at the sender's proof only. Runs before anything is parsed and for every stranger: it must be quick. */
  admit(request: HookRequest): Admission | Promise<Admission>;
  /**
   * Understands it, in one transaction with its mark of being handled. `drop` makes it a dead letter with the reason;
   * throwing tries it again, and makes it a dead letter after ten times.
   */
  handle(received: Received, tx: Tx): Promise<Outcome>;
}

/** All hooks of a service. */
export const HOOKS = Symbol('hooks');
