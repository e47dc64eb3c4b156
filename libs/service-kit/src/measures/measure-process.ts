import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../metrics';

/** Ten looks a second: enough to see what people notice, and next to nothing of the CPU. */
const RESOLUTION_MS = 100;

/** Measures the process itself. */
@Injectable()
export class MeasureProcess implements OnModuleInit, BeforeApplicationShutdown {
  private readonly delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor(private readonly metrics: Metrics) {}

  onModuleInit(): void {
    const { delays } = this;
    const registers = [this.metrics.registry];
    delays.enable();
    new Gauge({
      name: 'recert_event_loop_lag_seconds',
      help: 'How late the process came to something at worst, since this was last asked',
      registers,
      collect() {
        // Its own rhythm is part of what it says.
        this.set(Math.max(delays.max / 1e9 - RESOLUTION_MS / 1e3, 0));
        delays.reset();
      },
    });
    new Gauge({
      name: 'process_start_time_seconds',
      help: 'When the process began, in seconds of the epoch',
      registers,
    }).set(Math.round(performance.timeOrigin / 1e3));
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'Time of the CPU that the process has taken',
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
  }

  beforeApplicationShutdown(): void {
    this.delays.disable();
  }
}
