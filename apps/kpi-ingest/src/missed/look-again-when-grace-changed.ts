import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type Period } from '@recert/recertification';
import { Clock } from '@recert/service-kit';
import { GRACE } from './grace';
import { graceKey } from './say-what-is-missed';
import { SilenceRepository } from './silence.repository';
import { SilenceTimer } from './silence-timer';

/** Waking times are stored as the grace gives them: under another one, every product is looked at again. */
@Injectable()
export class LookAgainWhenGraceChanged implements OnApplicationBootstrap {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly silences: SilenceRepository,
    private readonly timer: SilenceTimer,
    private readonly clock: Clock,
    @Inject(GRACE) private readonly grace: Period | null,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const woken = await this.silences.wakeWhatHasAnotherGrace(tx, graceKey(this.grace), now);
      if (woken) tx.afterCommit(() => this.timer.expect(now));
    });
  }
}
