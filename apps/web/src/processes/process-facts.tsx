import { SimpleGrid, Stack, Text } from '@mantine/core';
import { type ReactNode } from 'react';
import { day } from '../shell/moment';
import { When } from '../shell/when';
import { periodText } from './period';
import { type ProcessDetail } from './process-queries';

/** Who is asked, when, and when it was certified last. */
export function ProcessFacts({ process }: { readonly process: ProcessDetail }) {
  const { owner, deputy, triggerPeriod, nextDueAt, certification, documented, updatingSince } = process;
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} spacing="md">
      <Fact label="Owner">{owner ?? 'nobody'}</Fact>
      <Fact label="Deputy">{deputy ?? '–'}</Fact>
      <Fact label="Asked">{documented ? periodText(triggerPeriod) : 'never: no record'}</Fact>
      <Fact label="Next due">
        <When at={nextDueAt} />
      </Fact>
      <Fact label="Certified">
        {certification === null ? 'never' : `${day(certification.at)} by ${certification.by}`}
      </Fact>
      {updatingSince === null ? (
        <Fact label="Record looked at">{lookedAt(certification)}</Fact>
      ) : (
        <Fact label="Being updated since">
          <When at={updatingSince} />
        </Fact>
      )}
    </SimpleGrid>
  );
}

function lookedAt(certification: ProcessDetail['certification']): string {
  if (certification === null) return '–';
  if (certification.recordOpened === null) return 'not known';
  return certification.recordOpened ? 'yes, before it was certified' : 'no, it was certified without a look';
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="div" size="sm">
        {children}
      </Text>
    </Stack>
  );
}
