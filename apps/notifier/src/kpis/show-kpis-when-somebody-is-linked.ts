import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { PersonLinked } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { PersonRepository } from '../people/person.repository';
import { untilPersonIsKnown } from '../people/wait-for-person';
import { KpiChart } from './kpi-chart';
import { isStillNews } from './kpi-week';
import { KpiWeekRepository } from './kpi-week.repository';
import { TellKpis } from './tell-kpis';

/** The first admin who can be told anything is told each product's newest week, if it arrived while nobody could be. */
@Controller()
export class ShowKpisWhenSomebodyIsLinked {
  constructor(
    private readonly people: PersonRepository,
    private readonly weeks: KpiWeekRepository,
    private readonly chart: KpiChart,
    private readonly kpis: TellKpis,
    private readonly clock: Clock,
  ) {}

  @OnEvent(PersonLinked, { durable: 'notifier.show-kpis-when-somebody-is-linked', concurrency: 1 })
  async handle(linked: PersonLinked, { tx, deliveries }: Delivery): Promise<Outcome> {
    if (linked.what !== 'linked') return done;
    const wait = untilPersonIsKnown((await this.people.find(tx.db, [linked.handle])).get(linked.handle), deliveries);
    if (wait !== null) return wait;
    const now = this.clock.now();
    const untold = await this.weeks.lockUntold(tx.db);
    for (const report of untold.filter((each) => isStillNews(each, now))) {
      if (!(await this.kpis.hasListeners(tx, report))) continue;
      const shown = await this.kpis.say(tx, report, await this.chart.drawAt(deliveries, report), null);
      await this.weeks.saveReport(tx.db, report, shown);
    }
    return done;
  }
}
