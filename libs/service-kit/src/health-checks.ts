import { Injectable } from '@nestjs/common';

/** The state of something that a process depends on. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  /** A sentence for whoever reads the health page. */
  readonly detail: string;
}

/** What a service depends on besides its database and the bus, and can do some of its work without. */
@Injectable()
export class HealthChecks {
  private readonly checks: (() => Promise<HealthCheck>)[] = [];

  add(check: () => Promise<HealthCheck>): void {
    this.checks.push(check);
  }

  async all(): Promise<HealthCheck[]> {
    return Promise.all(this.checks.map((check) => check()));
  }
}
