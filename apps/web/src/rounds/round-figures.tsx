import { Progress, Stack, Text } from '@mantine/core';
import { type Schema } from '../api/client';

type Tally = Schema<'RoundReport'>['total'];

const share = (part: number, { asked }: Pick<Tally, 'asked'>): number => (asked === 0 ? 0 : (part / asked) * 100);

/** Certified, being updated, late, and still open: as one bar. */
export function TallyBar({ tally, label }: { readonly tally: Tally; readonly label: string }) {
  const { certified, updating, late, open } = tally;
  const parts = [
    { name: 'certified', count: certified, colour: 'teal' },
    { name: 'being updated', count: updating, colour: 'blue' },
    { name: 'late', count: late, colour: 'red' },
    { name: 'open', count: Math.max(0, open - late), colour: 'yellow' },
  ].filter(({ count }) => count > 0);
  const words = parts.map(({ name, count }) => `${count} ${name}`).join(', ');
  return (
    <Progress.Root size="lg" role="img" aria-label={`${label}: ${words}`}>
      {parts.map(({ name, count, colour }) => (
        <Progress.Section
          key={name}
          value={share(count, tally)}
          color={colour}
          title={`${count} ${name}`}
          role="none"
        />
      ))}
    </Progress.Root>
  );
}

/** The round in a sentence, and as a bar. */
export function RoundFigures({ total }: { readonly total: Tally }) {
  const { asked, certified, late, stamped, medianAnswerHours } = total;
  return (
    <Stack gap="xs">
      <Text size="lg">
        <b>{Math.round(share(certified, total))} %</b> certified: {certified} of {asked} that were asked about
        {late > 0 && (
          <Text span c="var(--mantine-color-red-text)" inherit>
            , {late} late
          </Text>
        )}
        .
      </Text>
      <TallyBar tally={total} label="All" />
      <Text size="sm" c="dimmed">
        {stamped === 0
          ? 'None was certified without a look at its record.'
          : `${stamped} were certified without a look at the record.`}{' '}
        {medianAnswerHours !== null && `Half of the answers came within ${hoursText(medianAnswerHours)}.`}
      </Text>
    </Stack>
  );
}

/** "40 minutes", "5 hours", "3 days". */
export function hoursText(hours: number): string {
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} minutes`;
  if (hours < 48) return `${Math.round(hours)} hours`;
  return `${Math.round(hours / 24)} days`;
}
