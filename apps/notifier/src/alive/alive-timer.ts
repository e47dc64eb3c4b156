import { Inject, Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Clock, DueTimer, KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../config';
import { turnFor } from './alive-turn';
import { AliveRepository } from './alive.repository';
import { SayAlive } from './say-alive';

/** A start that is late lets the other services start, too, before it says which of them are up. */
const SETTLE_MS = 60_000;

/** Says "I am alive" when its time has come, where there is somebody to say it to over Telegram. */
@Injectable()
export class AliveTimer extends DueTimer {
  readonly task = { id: 'notifier.alive-timer', emits: [] };

  private readonly settledAt: Date;

  constructor(
    private readonly database: ServiceDatabase,
    private readonly alive: AliveRepository,
    private readonly sayer: SayAlive,
    private readonly time: Clock,
    @Inject(NOTIFIER_CONFIG) private readonly config: NotifierConfig,
    @Inject(KIT_CONFIG) private readonly kit: KitConfig,
  ) {
    super(time);
    this.settledAt = new Date(time.now().getTime() + SETTLE_MS);
  }

  protected async nextWakeAt(): Promise<Date | null> {
    const { ALIVE_AT, TELEGRAM_BOT_TOKEN } = this.config;
    if (ALIVE_AT === null || TELEGRAM_BOT_TOKEN === undefined) return null;
    const db = this.database.dataSource.manager;
    const known = await this.alive.turn(db);
    const turn = turnFor(known, ALIVE_AT, this.kit.ORG_TIMEZONE, this.time.now());
    if (turn !== known) await this.alive.replaceTurn(db, known, turn);
    return turn.nextAt > this.settledAt ? turn.nextAt : this.settledAt;
  }

  protected async lookAtDue(): Promise<number> {
    const { ALIVE_AT } = this.config;
    if (ALIVE_AT === null) return 0;
    return this.database.transaction(async (tx) => ((await this.sayer.say(tx, ALIVE_AT, this.time.now())) ? 1 : 0));
  }
}
