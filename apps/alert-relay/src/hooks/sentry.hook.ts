import { createSecretKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { done, drop, type Outcome, type Tx } from '@recert/bus';
import { AlertRaised, AlertResolved } from '@recert/contracts';
import { type Admission, type Hook, type HookRequest, isSigned, parseBody, type Received } from '@recert/intake';
import { DescribeHook } from '@recert/service-kit';
import { z } from 'zod';
import { ApplySigns } from '../alerts/apply-signs';
import { ALERT_RELAY_CONFIG, type AlertRelayConfig } from '../config';
import { readSentry } from '../sources/sentry/read-sentry';

/** Sentry's webhooks, which it signs. */
@DescribeHook({
  path: '/hooks/sentry',
  says: 'What Sentry tells of an issue, an event or a metric, as its header Sentry-Hook-Resource names it.',
  body: z.looseObject({}),
  headers: {
    'Sentry-Hook-Resource':
      'Of what kind the body is: issue, event_alert, metric_alert, ...; guessed where it is missing.',
    'Sentry-Hook-Timestamp': 'When it was sent, in seconds of the epoch.',
  },
  emits: [AlertRaised, AlertResolved],
  proof: {
    header: 'Sentry-Hook-Signature',
    says: 'HMAC-SHA256 of the raw body with the client secret, in hexadecimal.',
  },
})
@Injectable()
export class SentryHook implements Hook, OnApplicationBootstrap {
  readonly name = 'sentry';
  readonly keptHeaders = ['sentry-hook-resource', 'sentry-hook-timestamp', 'request-id', 'content-type'];
  private readonly log = new Logger(SentryHook.name);
  private readonly keys: readonly KeyObject[];

  constructor(
    @Inject(ALERT_RELAY_CONFIG) { SENTRY_CLIENT_SECRET }: AlertRelayConfig,
    private readonly signs: ApplySigns,
  ) {
    this.keys = SENTRY_CLIENT_SECRET.map((secret) => createSecretKey(secret, 'utf8'));
  }

  onApplicationBootstrap(): void {
    if (this.keys.length > 0) return;
    this.log.warn('SENTRY_CLIENT_SECRET is not set: everything that comes to /hooks/sentry is refused');
  }

  /** Not limited: Sentry does not send again what it was told to send later. */
  admit({ headers, body }: HookRequest): Admission {
    if (isSigned(body, headers['sentry-hook-signature'], this.keys)) {
      return { ok: true, sender: 'sentry', repeats: 'signed', limited: false, productId: null };
    }
    const detail = 'Sentry-Hook-Signature: expected the HMAC-SHA256 of the body, made with the client secret.';
    return { ok: false, status: 401, detail };
  }

  async handle({ id, headers, body, receivedAt }: Received, tx: Tx): Promise<Outcome> {
    const parsed = await parseBody(headers['content-type'], body, 'data');
    if (!parsed.ok) return drop(parsed.reason);
    const reading = readSentry(headers, parsed.value, receivedAt);
    if (!reading.ok) return drop(reading.reason);
    await this.signs.apply(tx, { source: 'sentry', hookId: id, receivedAt, productId: null }, reading.signs);
    return done;
  }
}
