import { Inject, Injectable } from '@nestjs/common';
import { Clock, RemoveOldRows } from '@recert/service-kit';
import { REGISTRY_CONFIG, type RegistryConfig } from '../config';
import { RunRepository } from './run.repository';

const DAY_MS = 86_400_000;
/** Of all runs together, however young they are. */
const KEPT_STEPS = 1_000_000;
/** What a handler did last is of interest longer than how. */
const KEPT_NAMES_DAYS = 400;

/** Removes runs that nobody looks at any more. */
@Injectable()
export class RemoveOldRuns extends RemoveOldRows {
  constructor(
    private readonly runs: RunRepository,
    private readonly clock: Clock,
    @Inject(REGISTRY_CONFIG) private readonly config: Pick<RegistryConfig, 'RUNS_DAYS'>,
  ) {
    super();
  }

  protected async removeBatch(most: number): Promise<number> {
    const before = (days: number): Date => new Date(this.clock.now().getTime() - days * DAY_MS);
    await this.runs.forgetNames(before(KEPT_NAMES_DAYS));
    return this.runs.removeOld(before(this.config.RUNS_DAYS), KEPT_STEPS, most);
  }
}
