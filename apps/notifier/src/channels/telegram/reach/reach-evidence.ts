import { Injectable } from '@nestjs/common';
import { Clock } from '@recert/service-kit';
import { type BotApiError } from '../bot-api-error';
import { type Evidence } from '../../../reach/reach';

/** Telegram is away, broken, or knows the token no longer. Whatever else it answers shows that it is there. */
const UNREACHABLE = new Set<BotApiError['failure']['kind']>(['away', 'unauthorized']);
/** Of the methods of the Bot API, those that bring people something. */
const SAYS_SOMETHING = /^(send|editMessage)/;

/** What the calls of this process have shown of Telegram since it was looked at last. */
@Injectable()
export class ReachEvidence {
  private gathered: Evidence[] = [];
  private called: Date | null = null;

  constructor(private readonly clock: Clock) {}

  /** When a call that sends nothing got through last; null before the first one. */
  get calledAt(): Date | null {
    return this.called;
  }

  /** @param error null where the call got through */
  note(method: string, error: BotApiError | null): void {
    const what = SAYS_SOMETHING.test(method) ? 'message' : 'call';
    const outcome = error !== null && UNREACHABLE.has(error.failure.kind) ? 'failed' : 'through';
    const at = this.clock.now();
    if (what === 'call' && outcome === 'through') this.called = at;
    // Of the same thing again only the first counts.
    if (this.gathered.findLast((one) => one.what === what)?.outcome !== outcome) {
      this.gathered.push({ what, outcome, at });
    }
  }

  /** What was gathered since the last time, oldest first. */
  take(): readonly Evidence[] {
    const taken = this.gathered;
    this.gathered = [];
    return taken;
  }
}
