import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type Part } from '../messages/rich-text';
import { KpiWeekRepository } from './kpi-week.repository';
import { standingsText } from './standings-text';

/** How all products stand, for whoever asks. */
@Injectable()
export class KpiSummary {
  constructor(private readonly weeks: KpiWeekRepository) {}

  /** The latest week of every product in a few lines each; fits into one message. */
  async text(db: EntityManager): Promise<Part[]> {
    return standingsText(await this.weeks.standings(db));
  }
}
