import { type BusLog } from '../transport';

/** Says at every connect which server it is, and loudly when it can lose confirmed messages. */
export function warnOfServer(version: string, log: BusLog): void {
  log.info('bus: connected to NATS', { version });
  if (isBefore(version, 2, 10)) {
    log.warn(
      'bus: this nats-server cannot write each message to disk before it confirms it (sync_interval is new in 2.10): a power cut loses confirmed messages, until the outboxes fill them in again. Use 2.14 or newer with sync_interval: always.',
      { version },
    );
  } else if (isBefore(version, 2, 14)) {
    log.warn('bus: nats-server 2.14 or newer with sync_interval: always is recommended', { version });
  }
}

function isBefore(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a < major || (a === major && b < minor);
}
