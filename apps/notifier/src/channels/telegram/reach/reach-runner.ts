import { Inject, Injectable, Logger } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../../../config';
import { type Decision, decideReach, noteEvidence, type Reach, REACHED } from '../../../reach/reach';
import { ReachRepository } from '../../../reach/reach.repository';
import { SpeakElsewhere } from '../../fallback/speak-elsewhere';
import { type Lease } from '../leadership';
import { pause } from '../pause';
import { ReachEvidence } from './reach-evidence';

const LOOK_EVERY_MS = 1000;
const NOT_SET = 'nobody hears of anything, since no fallback is set';

/** Follows whether Telegram can be reached, and has the fallback speak while it cannot. Asks nobody while all is well. */
@Injectable()
export class ReachRunner {
  private readonly log = new Logger('telegram');
  private reach: Reach = REACHED;
  /** As it lies in the database. */
  private kept: Reach = REACHED;

  constructor(
    private readonly database: ServiceDatabase,
    private readonly reaches: ReachRepository,
    private readonly evidence: ReachEvidence,
    private readonly elsewhere: SpeakElsewhere,
    private readonly clock: Clock,
    @Inject(NOTIFIER_CONFIG) private readonly config: NotifierConfig,
  ) {}

  async run({ signal }: Lease): Promise<void> {
    let isReady = false;
    while (!signal.aborted) {
      try {
        if (!isReady) this.reach = this.kept = await this.reaches.load(this.database.dataSource.manager);
        isReady = true;
        await this.look();
      } catch (error) {
        if (!signal.aborted) this.log.warn(`Whether Telegram is there cannot be kept, trying again: ${String(error)}`);
      }
      await pause(LOOK_EVERY_MS, signal);
    }
  }

  private async look(): Promise<void> {
    this.reach = this.evidence.take().reduce(noteEvidence, this.reach);
    const isCalm = this.reach.messagesFailSince === null && this.reach.fallback === null;
    if (isCalm && this.reach === this.kept) return;
    const { reach, act } = await this.database.transaction((tx) => this.decide(tx));
    this.reach = this.kept = reach;
    if (act === 'begin')
      this.log.warn(
        `No message gets through to Telegram: ${this.elsewhere.isPossible ? 'the fallback speaks' : NOT_SET}`,
      );
    if (act === 'end') this.log.log('Messages get through to Telegram again: the fallback ends');
  }

  private async decide(tx: Tx): Promise<Decision> {
    const before = this.reach;
    const now = this.clock.now();
    const situation = { now, isWaiting: await this.reaches.isWaiting(tx.db), calledAt: this.evidence.calledAt };
    const decision = decideReach(before, situation, { afterMs: this.config.FALLBACK_AFTER });
    if (decision.reach !== this.kept) await this.reaches.save(tx.db, decision.reach);
    const { fallback } = decision.reach;
    if (fallback !== null && fallback.backAt === null) await this.elsewhere.tell(tx, fallback.since, now);
    if (decision.act === 'end' && before.fallback !== null) await this.elsewhere.end(tx, before.fallback, now);
    return decision;
  }
}
