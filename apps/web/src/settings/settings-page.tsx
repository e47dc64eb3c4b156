import { Tabs, Text } from '@mantine/core';
import { type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { Page } from '../shell/page';
import { isAtLeast, useMe } from '../shell/session';
import { AlertSources } from './alert-sources';
import { Health } from './health';
import { Library } from './library';
import { Sessions } from './sessions';
import { Tokens } from './tokens';

interface Part {
  readonly id: string;
  readonly label: string;
  readonly role: 'viewer' | 'admin';
  readonly shown: ReactNode;
}

const PARTS: readonly Part[] = [
  { id: 'library', label: 'Library', role: 'admin', shown: <Library /> },
  { id: 'tokens', label: 'Tokens', role: 'admin', shown: <Tokens /> },
  { id: 'sessions', label: 'Sessions', role: 'viewer', shown: <Sessions /> },
  { id: 'alert-sources', label: 'Alert sources', role: 'admin', shown: <AlertSources /> },
  { id: 'health', label: 'Health', role: 'admin', shown: <Health /> },
];

/** What an admin sets up and looks after; anybody else finds where they are logged in. */
export function Component() {
  const me = useMe();
  const [params, setParams] = useSearchParams();
  const parts = PARTS.filter(({ role }) => isAtLeast(me, role));
  const wanted = PARTS.find(({ id }) => id === params.get('show'));
  const isRefused = wanted !== undefined && !parts.includes(wanted);
  const part = (isRefused ? undefined : wanted) ?? parts[0]!;
  return (
    <Page title="Settings">
      {isRefused && <Text>{wanted.label}: only admins see this. Ask one of them if you need something from it.</Text>}
      <Tabs
        value={part.id}
        onChange={(show) => setParams({ show: show ?? part.id }, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List>
          {parts.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {parts.map(({ id, shown }) => (
          <Tabs.Panel key={id} value={id} pt="md">
            {shown}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
