import { Button, Group, Select, Tabs } from '@mantine/core';
import { useProducts } from '../products/product-queries';
import { Page } from '../shell/page';
import { SOURCES, useAlertFilters } from './alert-filters';
import { AlertList } from './alert-list';

/** What is wrong now, what was, and who takes care of it. */
export function Component() {
  const [filters, change] = useAlertFilters();
  const isFiltered = Object.keys(filters).length > 1;
  const none = isFiltered
    ? 'No alert is like that. Change the filters.'
    : filters.show === 'open'
      ? 'Nothing is wrong that anybody told of. Alerts come by webhook: the page of each product shows its addresses, and sends a test.'
      : 'No alert has ended yet. Whatever recovers or is resolved stays here.';
  return (
    <Page title="Alerts">
      <Tabs
        value={filters.show}
        onChange={(show) => change({ show: show === 'past' ? 'past' : null })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="open">Open</Tabs.Tab>
          <Tabs.Tab value="past">Past</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={filters.show} pt="md">
          <Filters />
          <AlertList filters={filters} none={none} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

/** They stand in the address: what was found can be sent to somebody. */
function Filters() {
  const [{ product, source, severity }, change] = useAlertFilters();
  const { data: products } = useProducts();
  const isFiltered = product !== undefined || source !== undefined || severity !== undefined;
  return (
    <Group gap="xs" mb="md" role="search">
      <Select
        aria-label="Severity"
        placeholder="Severity"
        data={['critical', 'warning', 'info']}
        value={severity ?? null}
        clearable
        w={140}
        onChange={(one) => change({ severity: one })}
      />
      <Select
        aria-label="Product"
        placeholder="Product"
        data={products?.map(({ id }) => id) ?? []}
        value={product ?? null}
        searchable
        clearable
        w={170}
        onChange={(one) => change({ product: one })}
      />
      <Select
        aria-label="Source"
        placeholder="Source"
        data={SOURCES}
        value={source ?? null}
        clearable
        w={150}
        onChange={(one) => change({ source: one })}
      />
      {isFiltered && (
        <Button variant="subtle" onClick={() => change({ product: null, source: null, severity: null })}>
          Show all
        </Button>
      )}
    </Group>
  );
}
