import { Injectable } from '@nestjs/common';
import { RemoveOldRows } from '@recert/service-kit';
import { IntakeRepository } from './intake.repository';

const KEPT_DAYS = 90;

/** Removes requests that were handled long ago. */
@Injectable()
export class RemoveOldRequests extends RemoveOldRows {
  constructor(private readonly intake: IntakeRepository) {
    super();
  }

  protected removeBatch(most: number): Promise<number> {
    return this.intake.removeOld(KEPT_DAYS, most);
  }
}
