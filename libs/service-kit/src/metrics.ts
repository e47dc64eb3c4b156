import { Controller, Get, Header, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Access } from './access/principal';
import { Describe } from './http/describe';
import { Measuring, type Measurement } from './measures/measuring';
import { ErrorReports, reportOutcomes } from './sentry/error-reports';

/** What a process counts and measures, in Prometheus' text format at `/metrics`. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly handled = new Counter({
    name: 'recert_events_handled_total',
    help: 'Deliveries of events by consumer and verdict (done, repeated, retry, dead-letter)',
    labelNames: ['durable', 'verdict'],
    registers: [this.registry],
  });
  readonly handling = new Histogram({
    name: 'recert_event_handling_seconds',
    help: 'Time a consumer spent on one delivery',
    labelNames: ['durable'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers: [this.registry],
  });
  readonly undeclared = new Counter({
    name: 'recert_undeclared_events_total',
    help: 'Events that a consumer published without naming them in its emits, by consumer and subject',
    labelNames: ['durable', 'subject'],
    registers: [this.registry],
  });
  readonly hooks = new Counter({
    name: 'recert_hook_requests_total',
    help: 'Requests at webhooks by hook and status of the answer',
    labelNames: ['hook', 'status'],
    registers: [this.registry],
  });
  readonly requests = new Histogram({
    name: 'recert_http_request_seconds',
    help: 'Time until a request was answered, but for webhooks, by class of the status (2xx, 4xx, 5xx)',
    labelNames: ['status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers: [this.registry],
  });
  readonly errors = new Counter({
    name: 'recert_errors_total',
    help: 'Errors of the program itself by what became of the report to Sentry (sent, refused, failed, withheld, off)',
    labelNames: ['report'],
    registers: [this.registry],
  });
  readonly memory = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process',
    registers: [this.registry],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  private readonly measuring = new Measuring();

  constructor(reports: ErrorReports) {
    // What is not there yet cannot be seen to grow.
    for (const report of reportOutcomes) this.errors.inc({ report }, 0);
    reports.onOutcome((report) => this.errors.inc({ report }));
  }

  /**
   * @param name begins with `recert_` and ends with its unit; the same name is the same gauge
   * @param labelNames of few values each, and at least one: others cannot be forgotten
   */
  gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> {
    const known = this.registry.getSingleMetric(name) as Gauge<Label> | undefined;
    return known ?? new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  /** Has something read when somebody asks, at most every five seconds; what cannot be read is left out. */
  measure(measurement: Measurement): void {
    this.measuring.add(measurement);
  }

  async text(): Promise<string> {
    await this.measuring.read(performance.now());
    return this.registry.metrics();
  }
}

@Controller()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get('metrics')
  @Access('public')
  @Header('Content-Type', 'text/plain; version=0.0.4')
  @Describe({ says: 'What the process counts, as Prometheus reads it.', type: 'text/plain' })
  show(): Promise<string> {
    return this.metrics.text();
  }
}
