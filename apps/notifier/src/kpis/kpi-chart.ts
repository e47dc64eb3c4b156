import { Injectable, Logger } from '@nestjs/common';
import { type KpiReceived } from '@recert/contracts';
import { drawChart } from './chart/draw-chart';
import { planChart } from './chart/plan-chart';

/** Draws a week's KPIs. Nobody goes without the text because of a picture. */
@Injectable()
export class KpiChart {
  private readonly log = new Logger('kpis');
  private hasFailed = false;

  /** @returns a PNG; null when there is nothing to draw, or when it cannot be drawn */
  async draw(report: KpiReceived): Promise<Buffer | null> {
    try {
      const plan = planChart(report);
      if (plan === null) return null;
      // Loaded at the first chart: a service that draws none does not carry them.
      const [canvas, chart] = await Promise.all([import('@napi-rs/canvas'), import('chart.js')]);
      return await drawChart(plan, { canvas, chart });
    } catch (error) {
      if (!this.hasFailed) this.log.error(`Charts cannot be drawn here, KPIs go out as text: ${String(error)}`);
      this.hasFailed = true;
      return null;
    }
  }
}
