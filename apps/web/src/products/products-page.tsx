import { Anchor, Group, Paper, SimpleGrid, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { Fetched } from '../shell/fetched';
import { Page } from '../shell/page';
import { isAtLeast, useMe } from '../shell/session';
import { useKpis, useProducts, type Product } from './product-queries';
import { RegisterProduct } from './register-product';
import { StandingBadge } from './standing-badge';
import { addWeeks, lastWeek } from './week';

/** So many weeks before the last one are looked at for the newest report of each product. */
const LOOKED_AT = 8;

/** Everything that reports figures and raises alerts. */
export function Component() {
  const me = useMe();
  return (
    <Page title="Products" actions={isAtLeast(me, 'admin') && <RegisterProduct />}>
      <Found />
    </Page>
  );
}

function Found() {
  return <Fetched query={useProducts()}>{(products) => <Cards products={products} />}</Fetched>;
}

function Cards({ products }: { readonly products: readonly Product[] }) {
  const newest = useNewestWeeks();
  if (products.length === 0) {
    return (
      <Text>
        There is no product yet. A product is whatever your organisation runs and wants figures and alerts of: an admin
        registers it here, and gets a token with which it reports its weekly KPIs and sends its alerts.
      </Text>
    );
  }
  return (
    <SimpleGrid component="ul" cols={{ base: 1, sm: 2, lg: 3 }} m={0} p={0} style={{ listStyle: 'none' }}>
      {products.map((product) => (
        <Card key={product.id} product={product} newest={newest?.get(product.id) ?? null} isKnown={newest !== null} />
      ))}
    </SimpleGrid>
  );
}

/** By product; null while it is not known. */
function useNewestWeeks(): ReadonlyMap<string, string> | null {
  const from = addWeeks(lastWeek('UTC', new Date()), -LOOKED_AT);
  const { data } = useKpis(null, from);
  return useMemo(() => {
    if (data === undefined) return null;
    const newest = new Map<string, string>();
    for (const { product, week } of data) if (week > (newest.get(product) ?? '')) newest.set(product, week);
    return newest;
  }, [data]);
}

interface CardProps {
  readonly product: Product;
  readonly newest: string | null;
  /** Whether `newest` is known at all by now. */
  readonly isKnown: boolean;
}

function Card({ product, newest, isKnown }: CardProps) {
  const { id, name, owner, week } = product;
  return (
    <Paper component="li" withBorder p="md" radius="md" style={{ minWidth: 0 }}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <Title order={2} size="h4" dir="auto" style={{ overflowWrap: 'anywhere' }}>
          <Anchor component={Link} to={`/products/${id}`} inherit>
            {name}
          </Anchor>
        </Title>
        {isKnown && <StandingBadge product={product} newest={newest} />}
      </Group>
      <Text size="sm" mt={4}>
        owned by {owner}
      </Text>
      <Text size="sm" c="dimmed">
        due {week.dueBy}, {week.timezone}
      </Text>
      {isKnown && (
        <Text size="sm" c="dimmed">
          {newest === null ? `no report in ${LOOKED_AT} weeks` : `newest report: ${newest}`}
        </Text>
      )}
    </Paper>
  );
}
