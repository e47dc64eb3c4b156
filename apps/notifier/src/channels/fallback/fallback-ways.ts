import { type FactoryProvider } from '@nestjs/common';
import { KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../../config';
import { type FallbackWay } from './fallback-delivery';
import { PostNtfy } from './post-ntfy';
import { SendMail } from './send-mail';

/** The ways that are set: none, one or both (`FallbackWay[]`). */
export const FALLBACK_WAYS = Symbol('fallback ways');

export const fallbackWays: FactoryProvider<readonly FallbackWay[]> = {
  provide: FALLBACK_WAYS,
  inject: [NOTIFIER_CONFIG, KIT_CONFIG],
  useFactory: waysOf,
};

function waysOf(config: NotifierConfig, { PUBLIC_URL }: KitConfig): readonly FallbackWay[] {
  const { NTFY_URL, NTFY_TOKEN, SMTP_URL, FALLBACK_MAIL_FROM: from, FALLBACK_MAIL_TO: to } = config;
  const hasMail = SMTP_URL !== undefined && from !== undefined && to !== undefined;
  return [
    ...(NTFY_URL === undefined ? [] : [new PostNtfy(NTFY_URL, NTFY_TOKEN ?? null, PUBLIC_URL ?? null)]),
    ...(hasMail ? [new SendMail(SMTP_URL, { from, to })] : []),
  ];
}
