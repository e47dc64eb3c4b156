import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { LoginOffered } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { type Person } from '../../../people/person';
import { ASKING_RULES, type AskingRules } from '../../../questions/asking-rules';

const VALID_MS = 5 * 60_000;
/** Links that a person is given within the time. */
const MOST_LINKS = 3;
const WINDOW_MS = 60_000;

/** A link for nobody but the person, or why there is none. */
export type LoginOffer =
  { readonly kind: 'link'; readonly url: string } | { readonly kind: 'no-address' | 'no-role' | 'too-often' };

/** Gives a person a link into the console. Its code is never written down: others hear of its hash. */
@Injectable()
export class OfferLogin {
  /** When a person was given links of late, by handle. */
  private readonly given = new Map<string, readonly number[]>();

  constructor(
    private readonly clock: Clock,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  /** Whether this service knows under which address people reach the console. */
  get isPossible(): boolean {
    return this.rules.publicUrl !== null;
  }

  /** @param person of whom the account is known to be */
  offer(tx: Tx, { handle, roles }: Person): LoginOffer {
    const { publicUrl } = this.rules;
    if (publicUrl === null) return { kind: 'no-address' };
    if (roles.length === 0) return { kind: 'no-role' };
    const now = this.clock.now();
    const recent = (this.given.get(handle) ?? []).filter((at) => now.getTime() - at < WINDOW_MS);
    if (recent.length >= MOST_LINKS) return { kind: 'too-often' };
    // 192 bits: nobody guesses it within its five minutes.
    const code = randomBytes(24).toString('base64url');
    tx.publish(LoginOffered, {
      handle,
      codeHash: createHash('sha256').update(code).digest('hex'),
      offeredAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + VALID_MS).toISOString(),
    });
    tx.afterCommit(() => this.given.set(handle, [...recent, now.getTime()]));
    return { kind: 'link', url: `${publicUrl}/login#${code}` };
  }
}
