import { type Provider } from '@nestjs/common';
import { KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { REGISTRY_CONFIG, type RegistryConfig } from '../config';
import { type Rules } from './process-change';

/** The organisation's `Rules`, out of the configuration. */
export const PROCESS_RULES = Symbol('process rules');

export const processRules: Provider = {
  provide: PROCESS_RULES,
  inject: [KIT_CONFIG, REGISTRY_CONFIG],
  useFactory: (kit: KitConfig, config: RegistryConfig): Rules => ({
    policy: { laterDays: config.LATER_DAYS },
    calendar: { zone: kit.ORG_TIMEZONE, firstReviewAfter: config.FIRST_REVIEW_AFTER },
  }),
};
