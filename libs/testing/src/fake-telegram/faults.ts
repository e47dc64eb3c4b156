import { type ApiError, ApiError as Answer, forbidden, migrated, tooManyRequests, unauthorized } from './api-error';
import { type Parameters } from './parameters';

/**
 * What a call can be made to end in. `timeout` never answers and does nothing; `drop-response` does everything and
 * answers nothing; `bad-gateway` answers a page and no JSON.
 */
export type FaultKind =
  | 'blocked'
  | 'deactivated'
  | 'kicked'
  | 'server-error'
  | 'unauthorized'
  | 'bad-gateway'
  | 'timeout'
  | 'drop-response'
  | { migratedTo: number }
  | { retryAfter: number };

export interface FaultOptions {
  error: FaultKind;
  /** How many calls; one by default. */
  times?: number;
  /** Only calls that name this chat. */
  chatId?: number;
}

interface Fault extends Required<Pick<FaultOptions, 'error' | 'times'>> {
  method: string;
  chatId: number | undefined;
}

/** The faults that a test has planned, in order. */
export class Faults {
  private planned: Fault[] = [];

  plan(method: string, { error, times = 1, chatId }: FaultOptions): void {
    this.planned.push({ method: method.toLowerCase(), error, times, chatId });
  }

  /** The fault of this call, which is then used up. */
  take(method: string, parameters: Parameters): FaultKind | undefined {
    const fault = this.planned.find(
      (one) =>
        one.method === method.toLowerCase() &&
        (one.chatId === undefined || String(one.chatId) === String(parameters.values['chat_id'])),
    );
    if (fault === undefined) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.planned = this.planned.filter((one) => one !== fault);
    return fault.error;
  }

  clear(): void {
    this.planned = [];
  }
}

/** The API's answer for a fault; undefined for those that are no answer. */
export function answerOf(fault: FaultKind): ApiError | undefined {
  switch (fault) {
    case 'blocked':
      return forbidden('bot was blocked by the user');
    case 'deactivated':
      return forbidden('user is deactivated');
    case 'kicked':
      return forbidden('bot was kicked from the supergroup chat');
    case 'server-error':
      return new Answer(500, 'Internal Server Error');
    case 'unauthorized':
      return unauthorized();
    case 'bad-gateway':
    case 'timeout':
    case 'drop-response':
      return undefined;
    default:
      return 'retryAfter' in fault ? tooManyRequests(fault.retryAfter) : migrated(fault.migratedTo);
  }
}
