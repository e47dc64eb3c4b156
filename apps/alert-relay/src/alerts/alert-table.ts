import { type AlertStatus } from '@recert/contracts';

/** `unknown` is an alert that nobody has heard of. */
export type AlertState = 'unknown' | AlertStatus;
export type CommandName =
  | `sign ${'firing' | 'resolved' | 'acknowledged' | 'snoozed' | 'note'}`
  | 'acknowledge'
  | 'snooze'
  | 'resolve'
  | 'release'
  | 'tick';

/** Every state that a command may lead to from each state; staying means that nothing changes, or not the state. */
export const ALERT_TABLE: Readonly<Record<AlertState, Readonly<Record<CommandName, readonly AlertState[]>>>> = {
  unknown: {
    'sign firing': ['firing'],
    'sign resolved': ['unknown'],
    'sign acknowledged': ['unknown'],
    'sign snoozed': ['unknown'],
    'sign note': ['unknown'],
    acknowledge: ['unknown'],
    snooze: ['unknown'],
    resolve: ['unknown'],
    release: ['unknown'],
    tick: ['unknown'],
  },
  firing: {
    'sign firing': ['firing'],
    'sign resolved': ['resolved', 'firing'],
    'sign acknowledged': ['acknowledged', 'firing'],
    'sign snoozed': ['snoozed', 'firing'],
    'sign note': ['firing'],
    acknowledge: ['acknowledged'],
    snooze: ['snoozed', 'firing'],
    resolve: ['resolved'],
    release: ['firing'],
    tick: ['firing'],
  },
  acknowledged: {
    // To firing where it has become critical since.
    'sign firing': ['acknowledged', 'firing'],
    'sign resolved': ['resolved', 'acknowledged'],
    'sign acknowledged': ['acknowledged'],
    'sign snoozed': ['snoozed', 'acknowledged'],
    'sign note': ['acknowledged'],
    acknowledge: ['acknowledged'],
    snooze: ['snoozed', 'acknowledged'],
    resolve: ['resolved'],
    release: ['acknowledged'],
    tick: ['acknowledged'],
  },
  snoozed: {
    'sign firing': ['snoozed', 'firing'],
    'sign resolved': ['resolved', 'snoozed'],
    'sign acknowledged': ['acknowledged', 'snoozed'],
    'sign snoozed': ['snoozed'],
    'sign note': ['snoozed'],
    acknowledge: ['acknowledged'],
    snooze: ['snoozed'],
    resolve: ['resolved'],
    release: ['snoozed'],
    tick: ['snoozed', 'firing'],
  },
  resolved: {
    // To firing as another alert, of the same key.
    'sign firing': ['firing', 'resolved'],
    'sign resolved': ['resolved'],
    'sign acknowledged': ['resolved'],
    'sign snoozed': ['resolved'],
    'sign note': ['resolved'],
    acknowledge: ['resolved'],
    snooze: ['resolved'],
    resolve: ['resolved'],
    release: ['resolved'],
    tick: ['resolved'],
  },
};
