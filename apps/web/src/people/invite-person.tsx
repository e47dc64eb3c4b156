import { Alert, Box, Button, Center, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import QRCode from 'react-qr-code';
import { answerOf, api, type Schema } from '../api/client';
import { useChange } from '../api/use-change';
import { CopyField } from '../shell/copy-field';
import { moment } from '../shell/moment';
import { When } from '../shell/when';
import { usePeople, type Person } from './people-queries';

/** Makes links that bind somebody's Telegram account; the latest counts. */
export function useInvite() {
  return useChange({
    change: (handle: string) => answerOf(api.POST('/api/people/{handle}/invite', { params: { path: { handle } } })),
    done: null,
    touches: [],
    showsProblems: true,
  });
}

interface Props {
  /** As they were when they were invited. */
  readonly person: Person;
  readonly inviting: ReturnType<typeof useInvite>;
}

/** The link that was made, and what to do with it. */
export function InvitePerson({ person, inviting }: Props) {
  const again = (): void => inviting.mutate(person.handle);
  if (inviting.data !== undefined) return <Invitation person={person} invitation={inviting.data} again={again} />;
  if (inviting.error !== null) {
    return (
      <Alert color="red" title="There is no link" icon={<IconAlertTriangle aria-hidden />} role="alert">
        <Stack align="flex-start" gap="sm">
          <Text size="sm">{inviting.error.message}</Text>
          <Button size="xs" variant="light" color="red" onClick={again}>
            Try again
          </Button>
        </Stack>
      </Alert>
    );
  }
  return (
    <Center p="xl">
      <Loader aria-label="Making a link" />
    </Center>
  );
}

interface InvitationProps {
  readonly person: Person;
  readonly invitation: Schema<'InvitationView'>;
  readonly again: () => void;
}

function Invitation({ person, invitation: { url, expiresAt }, again }: InvitationProps) {
  const people = usePeople();
  const [before] = useState(person.telegram.since);
  const now = people.data?.find(({ handle }) => handle === person.handle)?.telegram;
  if (now?.linked === true && now.since !== before) {
    return (
      <Alert color="teal" title={`${person.name} is linked`} icon={<IconCheck aria-hidden />} role="status">
        From now on they are asked in Telegram. The link is used up.
      </Alert>
    );
  }
  return (
    <Stack>
      <Text size="sm">
        Whoever opens this link in Telegram and presses Start answers as {person.name} from then on: send it by a way
        that only they read. It works once, until {moment(expiresAt)} (<When at={expiresAt} />
        ), and is shown only here.
      </Text>
      <CopyField label="Link" text={url} />
      <CopyField isProse label="What you can tell them" text={messageOf(person.name, url, expiresAt)} />
      <Center>
        {/* A code is read from dark on light only, whatever the colours around it are. */}
        <Box bg="white" p="md" style={{ borderRadius: 'var(--mantine-radius-md)' }}>
          <QRCode value={url} size={180} role="img" aria-label="The link as a QR code, to be read with a phone" />
        </Box>
      </Center>
      <Button variant="default" onClick={again}>
        Make another link
      </Button>
    </Stack>
  );
}

function messageOf(name: string, url: string, expiresAt: string): string {
  return (
    `Hello ${name}, our processes are kept true by a bot in Telegram: now and then it asks you whether yours is still ` +
    `described as you do it, and two taps answer. Open this link on a device with Telegram and press Start, before ` +
    `${moment(expiresAt)}: ${url}`
  );
}
