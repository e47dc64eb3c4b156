import { Paper, SimpleGrid, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import { type Schema } from '../api/client';
import { useSummary } from './process-queries';

interface Figure {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  /** Where those that are counted are listed. */
  readonly to: string | null;
  readonly isBad: boolean;
}

const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`);

function figuresOf(summary: Schema<'ProcessSummary'>): Figure[] {
  const { total, documented, unowned, byStatus, certifiedShare, onTimeShare, stampedShare } = summary;
  const overdue = byStatus.overdue ?? 0;
  const gaps = total - documented;
  return [
    {
      label: 'Documented',
      value: percent(total === 0 ? null : documented / total),
      hint: `${gaps} of ${total} have no record`,
      to: '?documented=false',
      isBad: gaps > 0,
    },
    {
      label: 'Certified',
      value: percent(certifiedShare),
      hint: 'of those with a record',
      to: '?status=certified',
      isBad: false,
    },
    { label: 'On time', value: percent(onTimeShare), hint: 'of the reviews of a year', to: null, isBad: false },
    {
      label: 'Overdue',
      value: String(overdue),
      hint: 'nobody answered in time',
      to: '?status=overdue',
      isBad: overdue > 0,
    },
    { label: 'Unowned', value: String(unowned), hint: 'nobody can be asked', to: '?owned=false', isBad: unowned > 0 },
    {
      label: 'Stamped',
      value: percent(stampedShare),
      hint: 'certified without a look',
      to: '/rounds',
      isBad: (stampedShare ?? 0) > 0.5,
    },
  ];
}

/** How the library stands; each figure leads to the processes behind it. */
export function SummaryCards() {
  const { data } = useSummary();
  if (data === undefined) return <Skeleton h={92} aria-label="Loading" />;
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, lg: 6 }} spacing="sm">
      {figuresOf(data).map((figure) => (
        <Card key={figure.label} figure={figure} />
      ))}
    </SimpleGrid>
  );
}

function Card({ figure: { label, value, hint, to, isBad } }: { readonly figure: Figure }) {
  const card = (
    <Paper withBorder p="sm" radius="md" h="100%">
      <Text size="sm">{label}</Text>
      <Text size="xl" fw={700} {...(isBad ? { c: 'var(--mantine-color-red-text)' } : {})}>
        {value}
      </Text>
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
    </Paper>
  );
  if (to === null) return card;
  return (
    <UnstyledButton component={Link} to={to}>
      {card}
    </UnstyledButton>
  );
}
