import { Text } from '@mantine/core';
import { type ReactNode } from 'react';
import { Page } from './page';
import { isAtLeast, useMe } from './session';

interface Props {
  /** Of the page. */
  readonly title: string;
  readonly children: ReactNode;
}

/** A page that only admins may see: nobody else's browser asks for what stands on it. */
export function ForAdmins({ title, children }: Props) {
  const me = useMe();
  if (isAtLeast(me, 'admin')) return children;
  return (
    <Page title={title}>
      <Text>Only admins see this page. Ask one of them if you need something from it.</Text>
    </Page>
  );
}
