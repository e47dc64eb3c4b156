import { type AskHours, toWallTime } from '@recert/recertification';
import { KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { type FactoryProvider } from '@nestjs/common';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../config';

/** How this organisation asks. */
export interface AskingRules {
  /** Whether there is a bot: without one, questions wait in the inbox. */
  readonly telegram: boolean;
  readonly hours: AskHours;
  /** IANA zone whose days and hours count. */
  readonly zone: string;
  /** Where people reach this service; null when nobody said. */
  readonly publicUrl: string | null;
}

export const ASKING_RULES = Symbol('asking rules');

export const askingRules: FactoryProvider<AskingRules> = {
  provide: ASKING_RULES,
  inject: [NOTIFIER_CONFIG, KIT_CONFIG],
  useFactory: (config: NotifierConfig, kit: KitConfig): AskingRules => ({
    telegram: config.TELEGRAM_BOT_TOKEN !== undefined,
    hours: config.ASK_HOURS,
    zone: kit.ORG_TIMEZONE,
    publicUrl: kit.PUBLIC_URL ?? null,
  }),
};

/** A day as people write it in the organisation, such as 2027-11-22. */
export function dayIn(zone: string, instant: Date): string {
  const { year, month, day } = toWallTime(instant, zone);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
