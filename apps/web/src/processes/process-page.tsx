import { Anchor, Badge, Button, Group, Tabs, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { Publication } from '../readers/publication';
import { noteOpened } from '../records/opened-records';
import { Record } from '../records/record';
import { ReleaseList } from '../releases/release-list';
import { Fetched } from '../shell/fetched';
import { Page } from '../shell/page';
import { isAtLeast, useMe } from '../shell/session';
import { AnswerButtons } from './answer-buttons';
import { AskNow } from './ask-now';
import { ChangesSinceCertification } from './changes-since-certification';
import { EditProcess } from './edit-process';
import { HistoryTimeline } from './history-timeline';
import { ProcessFacts } from './process-facts';
import { useProcess, type ProcessDetail } from './process-queries';
import { ReviewList } from './review-list';
import { StatusBadge } from './status-badge';

/** One process: its record, how it stands, and everything that ever happened to it. */
export function Component() {
  const { id = '' } = useParams();
  return (
    <Fetched query={useProcess(id)} height={400}>
      {(process) => <Shown process={process} />}
    </Fetched>
  );
}

function Shown({ process }: { readonly process: ProcessDetail }) {
  const me = useMe();
  const isMine = me.handle !== null && (me.handle === process.owner || me.handle === process.deputy);
  const isAdmin = isAtLeast(me, 'admin');
  return (
    <Page
      title={process.name}
      actions={
        <>
          {isAdmin && process.documented && <AskNow id={process.id} />}
          {isAdmin && <EditProcess process={process} />}
        </>
      }
    >
      <Group gap="xs">
        <StatusBadge process={process} />
        {process.product !== null && <Badge variant="outline">{process.product}</Badge>}
        <Text size="sm" c="dimmed">
          <Anchor component={Link} to={`/processes?section=${encodeURIComponent(process.section ?? '')}`} size="sm">
            {process.section}
          </Anchor>
        </Text>
        {process.url !== null && (
          <Button
            component="a"
            href={process.url}
            target="_blank"
            rel="noreferrer"
            size="compact-sm"
            variant="subtle"
            rightSection={<IconExternalLink size={14} aria-hidden />}
          >
            Record at its source
          </Button>
        )}
      </Group>
      {(isMine || isAdmin) && process.documented && <AnswerButtons process={process} />}
      <ProcessFacts process={process} />
      <Parts process={process} />
    </Page>
  );
}

const PARTS = ['record', 'changes', 'history', 'reviews', 'releases', 'readers'] as const;

function Parts({ process }: { readonly process: ProcessDetail }) {
  const [params, setParams] = useSearchParams();
  const part = PARTS.find((one) => one === params.get('show')) ?? 'record';
  const isOfProduct = process.product !== null && process.product !== 'each';
  return (
    <Tabs
      value={part}
      onChange={(show) => setParams({ show: show ?? 'record' }, { replace: true })}
      keepMounted={false}
    >
      <Tabs.List>
        <Tabs.Tab value="record">Record</Tabs.Tab>
        <Tabs.Tab value="changes">Changed since certified</Tabs.Tab>
        <Tabs.Tab value="history">History</Tabs.Tab>
        <Tabs.Tab value="reviews">Reviews</Tabs.Tab>
        {isOfProduct && <Tabs.Tab value="releases">Releases</Tabs.Tab>}
        <Tabs.Tab value="readers">Readers</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="record" pt="md">
        {process.record === null ? (
          <Text>
            Nobody has written down how this is done. Write a heading of this name with an <code>owner:</code> line
            under it into the library, and import it.
          </Text>
        ) : (
          <Looked process={process} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="changes" pt="md">
        <ChangesSinceCertification process={process} />
      </Tabs.Panel>
      <Tabs.Panel value="history" pt="md">
        <HistoryTimeline id={process.id} />
      </Tabs.Panel>
      <Tabs.Panel value="reviews" pt="md">
        <ReviewList id={process.id} />
      </Tabs.Panel>
      <Tabs.Panel value="releases" pt="md">
        <ReleaseList of={{ process: process.id }} none="No release is evidence of it yet." />
      </Tabs.Panel>
      <Tabs.Panel value="readers" pt="md">
        <Publication id={process.id} name={process.name} />
      </Tabs.Panel>
    </Tabs>
  );
}

/** Whoever sees the record here has looked at it. */
function Looked({ process: { id, record } }: { readonly process: ProcessDetail }) {
  useEffect(() => noteOpened(id), [id]);
  return <Record markdown={record ?? ''} />;
}
