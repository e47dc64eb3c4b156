import { Controller, Get, Header, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Access } from './access/principal';
import { Describe } from './http/describe';

/** What a process counts, in Prometheus' text format at `/metrics`. */
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
  readonly memory = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process',
    registers: [this.registry],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
}

@Controller()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get('metrics')
  @Access('public')
  @Header('Content-Type', 'text/plain; version=0.0.4')
  @Describe({ says: 'What the process counts, as Prometheus reads it.', type: 'text/plain' })
  show(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
