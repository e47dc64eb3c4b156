import { Badge, Group, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import { Failure } from '../shell/failure';
import { changeOf, isMet, numberText, seriesOf, type KpiSeries } from './kpi-series';
import { useKpis, type Product } from './product-queries';
import { addWeeks, lastWeek, weeksUpTo } from './week';

const KpiChart = lazy(() => import('./kpi-chart'));

const WEEKS = 26;

/** The weeks that are shown: up to the one that runs, if there is something of it, else to the one that ended last. */
export function useSeries({ id, week }: Product) {
  const last = lastWeek(week.timezone, new Date());
  const query = useKpis(id, addWeeks(last, 1 - WEEKS));
  const series = useMemo(() => {
    const lines = query.data ?? [];
    const newest = lines.reduce((max, line) => (line.week > max ? line.week : max), last);
    return seriesOf(lines, weeksUpTo(newest, WEEKS));
  }, [query.data, last]);
  return { ...query, series };
}

/** Every figure of a product, drawn. */
export function ProductKpis({ product }: { readonly product: Product }) {
  const { series, data, error, isPending, refetch } = useSeries(product);
  if (isPending) return <Skeleton h={200} aria-label="Loading" />;
  if (data === undefined) return <Failure error={error} again={refetch} />;
  if (series.length === 0) {
    return (
      <Text>
        Nothing was reported in {WEEKS} weeks. The tab “Connect” has the address, and a command that sends a first
        report.
      </Text>
    );
  }
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      {series.map((one) => (
        <KpiCard key={one.name} series={one} />
      ))}
    </SimpleGrid>
  );
}

function KpiCard({ series }: { readonly series: KpiSeries }) {
  const { name, unit, newest } = series;
  return (
    <Paper withBorder p="md" radius="md" style={{ minWidth: 0 }}>
      <Stack gap="xs">
        <Title order={2} size="h5" dir="auto" style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Title>
        <Group gap="xs" align="baseline">
          <Text fz="xl" fw={700}>
            {numberText(newest.value)}
            {unit !== null && (
              <Text span size="sm" ml={4}>
                {unit}
              </Text>
            )}
          </Text>
          <Text size="sm" c="dimmed">
            {newest.week}
          </Text>
          <Change series={series} />
          <Target series={series} />
        </Group>
        <Suspense fallback={<Skeleton h={180} aria-label="Loading" />}>
          <KpiChart series={series} />
        </Suspense>
      </Stack>
    </Paper>
  );
}

function Change({ series }: { readonly series: KpiSeries }) {
  const change = changeOf(series);
  if (change === null) {
    return (
      <Text size="sm" c="dimmed">
        nothing the week before
      </Text>
    );
  }
  const colour = change.isGood === null ? 'dimmed' : `var(--mantine-color-${change.isGood ? 'teal' : 'red'}-text)`;
  return (
    <Text size="sm" c={colour}>
      {change.text}
    </Text>
  );
}

function Target({ series }: { readonly series: KpiSeries }) {
  const met = isMet(series);
  if (met === null) return null;
  return (
    <Badge size="sm" variant="light" color={met ? 'teal' : 'red'}>
      target {numberText(series.target!)} {met ? 'met' : 'not met'}
    </Badge>
  );
}
