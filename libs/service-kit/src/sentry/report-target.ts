import { read, type Environment, type KitConfig } from '../config';
import { type ReportTarget } from './error-reports';
import { secretsIn } from './secrets-in';

/** Where a process reports its errors; null when it shall not. */
export function reportTarget(config: KitConfig, environment: Environment): ReportTarget | null {
  const { SENTRY_DSN: dsn, SENTRY_ENVIRONMENT, SENTRY_RELEASE: release = null } = config;
  if (dsn === undefined) return null;
  return { dsn, environment: SENTRY_ENVIRONMENT, release, secrets: secretsIn(environment, valueOf) };

  /** What no configuration reads may name a file that is not there. */
  function valueOf(name: string): string | undefined {
    try {
      return read(name, environment);
    } catch {
      return undefined;
    }
  }
}
