import { Tabs } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { isAtLeast, useMe } from '../shell/session';
import { HUB_PARTS } from './hub-parts';

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
