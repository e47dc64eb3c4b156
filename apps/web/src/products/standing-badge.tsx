import { Badge } from '@mantine/core';
import { lastWeek, standingOf, type Standing } from './week';
import { type Product } from './product-queries';

const COLOURS: Readonly<Record<Standing, string>> = {
  reported: 'teal',
  awaited: 'gray',
  missing: 'red',
  unheard: 'orange',
};

interface Props {
  readonly product: Product;
  /** The newest week that was reported; null for none. */
  readonly newest: string | null;
}

/** How the report of the week that ended last stands. */
export function StandingBadge({ product: { week, active }, newest }: Props) {
  const now = new Date();
  if (!active) {
    return (
      <Badge size="sm" variant="outline" color="gray">
        not active
      </Badge>
    );
  }
  const standing = standingOf(week, newest, now);
  return (
    <Badge size="sm" variant="light" color={COLOURS[standing]}>
      {standing === 'unheard' ? 'no report' : `${lastWeek(week.timezone, now)} ${standing}`}
    </Badge>
  );
}
