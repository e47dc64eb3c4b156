import { NavLink } from '@mantine/core';
import {
  IconBell,
  IconBox,
  IconChecklist,
  IconInbox,
  IconMessages,
  IconReportAnalytics,
  IconSettings,
  IconSitemap,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import { HUB_PARTS } from '../hub/hub-parts';
import { isAtLeast, useMe } from './session';

interface Place {
  readonly to: string;
  readonly label: string;
  readonly icon: Icon;
  /** Who has something to do there. */
  readonly role: 'viewer' | 'owner' | 'admin';
  /** Other pages that belong there. */
  readonly also?: readonly string[];
}

const PLACES: readonly Place[] = [
  { to: '/inbox', label: 'My inbox', icon: IconInbox, role: 'owner' },
  { to: '/processes', label: 'Processes', icon: IconChecklist, role: 'viewer' },
  { to: '/rounds', label: 'Rounds', icon: IconReportAnalytics, role: 'viewer' },
  { to: '/products', label: 'Products', icon: IconBox, role: 'viewer' },
  { to: '/alerts', label: 'Alerts', icon: IconBell, role: 'viewer' },
  { to: '/flows', label: 'Automations', icon: IconSitemap, role: 'viewer', also: HUB_PARTS.map(({ to }) => to) },
  { to: '/messages', label: 'Messages', icon: IconMessages, role: 'admin' },
  { to: '/people', label: 'People', icon: IconUsers, role: 'viewer' },
  { to: '/settings', label: 'Settings', icon: IconSettings, role: 'admin' },
];

export function Navigation({ close }: { readonly close: () => void }) {
  const me = useMe();
  const { pathname } = useLocation();
  return PLACES.filter(({ role }) => isAtLeast(me, role)).map(({ to, label, icon: Symbol, also = [to] }) => (
    <NavLink
      key={to}
      component={Link}
      to={to}
      label={label}
      leftSection={<Symbol size={18} aria-hidden />}
      active={also.some((page) => pathname === page || pathname.startsWith(`${page}/`))}
      onClick={close}
    />
  ));
}
