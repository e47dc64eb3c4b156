import { Button, Group, Select, Text } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { answerOf, api, type Schema } from '../api/client';
import { Fetched } from '../shell/fetched';
import { day } from '../shell/moment';
import { Page } from '../shell/page';
import { RoundFigures } from './round-figures';
import { RoundItems } from './round-items';
import { RoundOwners } from './round-owners';

const DAY_MS = 86_400_000;
const SPANS = [
  { value: '7', label: 'The last 7 days' },
  { value: '30', label: 'The last 30 days' },
  { value: '90', label: 'The last 90 days' },
  { value: '365', label: 'The last year' },
];

/** How a recertification round goes, by owner; and the report that an auditor gets. */
export function Component() {
  const [params, setParams] = useSearchParams();
  const days = SPANS.find(({ value }) => value === params.get('days'))?.value ?? '90';
  const from = useMemo(() => startOf(days), [days]);
  const report = useQuery({
    queryKey: ['rounds', from],
    queryFn: () => answerOf(api.GET('/api/rounds', { params: { query: { from } } })),
  });
  return (
    <Page title="Rounds" actions={<Actions from={from} />}>
      <Select
        label="Asked in"
        w={200}
        data={SPANS}
        value={days}
        allowDeselect={false}
        className="not-printed"
        onChange={(value) => setParams(value === null ? {} : { days: value }, { replace: true })}
      />
      <Fetched query={report} height={300}>
        {(fetched) => <Report report={fetched} />}
      </Fetched>
    </Page>
  );
}

/** The same all day long, so that the report is fetched once. */
function startOf(days: string): string {
  return new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - Number(days) * DAY_MS).toISOString();
}

function Actions({ from }: { readonly from: string }) {
  return (
    <Group gap="xs" className="not-printed">
      <Button
        component="a"
        href={`/api/rounds.csv?from=${encodeURIComponent(from)}`}
        download
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        CSV
      </Button>
      <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
        Print
      </Button>
    </Group>
  );
}

function Report({ report }: { readonly report: Schema<'RoundReport'> }) {
  if (report.total.asked === 0) {
    return (
      <Text>
        Nobody was asked in this time. A round asks everybody about everything at once: start it on the page of the
        processes. What is due by its own period is asked about anyway, and counts here, too.
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" c="dimmed">
        Reviews opened from {day(report.from)} to {day(report.to)}.
      </Text>
      <RoundFigures total={report.total} />
      <RoundOwners owners={report.owners} />
      <RoundItems items={report.items} />
    </>
  );
}
