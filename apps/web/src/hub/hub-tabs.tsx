import { Tabs } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { isAtLeast, useMe } from '../shell/session';

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

/** From one page of the hub to the others; each is a link, so that it can be opened in a tab of its own. */
export function HubTabs() {
  const me = useMe();
  const { pathname } = useLocation();
  const parts = HUB_PARTS.filter(({ role }) => isAtLeast(me, role));
  const here = parts.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <Tabs value={here?.to ?? null} aria-label="Automations">
      <Tabs.List>
        {parts.map(({ to, label }) => (
          <Tabs.Tab key={to} value={to} renderRoot={(props) => <Link to={to} {...props} />}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}
