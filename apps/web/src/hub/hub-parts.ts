interface Part {
  readonly to: string;
  readonly label: string;
  readonly role: 'viewer' | 'admin';
}

/** The pages of the hub, in the order in which somebody asks: what is there, how it goes, what went wrong. */
export const HUB_PARTS: readonly Part[] = [
  { to: '/flows', label: 'Flows', role: 'viewer' },
  { to: '/tasks', label: 'Tasks', role: 'viewer' },
  { to: '/runs', label: 'Runs', role: 'viewer' },
  { to: '/releases', label: 'Releases', role: 'viewer' },
  { to: '/dead-letters', label: 'Dead letters', role: 'admin' },
  { to: '/subscriptions', label: 'Subscriptions', role: 'admin' },
];
