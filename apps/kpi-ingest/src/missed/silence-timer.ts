import { Injectable } from '@nestjs/common';
import { KpiMissed } from '@recert/contracts';
import { Clock, DueTimer } from '@recert/service-kit';
import { SayWhatIsMissed } from './say-what-is-missed';
import { SilenceRepository } from './silence.repository';

/** Looks at the products when the first of them has to be looked at. */
@Injectable()
export class SilenceTimer extends DueTimer {
  readonly task = { id: 'kpi-ingest.silence-timer', emits: [KpiMissed] };
  constructor(
    private readonly missed: SayWhatIsMissed,
    private readonly silences: SilenceRepository,
    clock: Clock,
  ) {
    super(clock);
  }

  protected nextWakeAt(): Promise<Date | null> {
    return this.silences.nextWakeAt();
  }

  protected lookAtDue(goesOn: () => boolean): Promise<number> {
    return this.missed.run(goesOn);
  }
}
