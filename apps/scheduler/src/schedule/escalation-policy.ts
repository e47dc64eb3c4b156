import { type Provider } from '@nestjs/common';
import { escalationPolicy, SCHEDULER_CONFIG } from '../config';

/** The days on which somebody is reminded or told (`EscalationPolicy`). */
export const ESCALATION_POLICY = Symbol('escalation policy');

export const escalationPolicyProvider: Provider = {
  provide: ESCALATION_POLICY,
  inject: [SCHEDULER_CONFIG],
  useFactory: escalationPolicy,
};
