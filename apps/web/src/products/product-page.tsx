import { Anchor, Group, Tabs } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { AlertList } from '../alerts/alert-list';
import { ReleaseList } from '../releases/release-list';
import { Fetched } from '../shell/fetched';
import { Page } from '../shell/page';
import { isAtLeast, useMe } from '../shell/session';
import { useAddress } from '../shell/use-address';
import { ActivateProduct } from './activate-product';
import { EditProduct } from './edit-product';
import { ProductFacts } from './product-facts';
import { ProductHooks } from './product-hooks';
import { ProductKpis, useSeries } from './product-kpis';
import { useProduct, type Product } from './product-queries';
import { StandingBadge } from './standing-badge';

/** One product: its figures, its alerts, and how it is connected. */
export function Component() {
  const { id = '' } = useParams();
  return (
    <Fetched query={useProduct(id)} height={400}>
      {(product) => <Shown product={product} />}
    </Fetched>
  );
}

function Shown({ product }: { readonly product: Product }) {
  const isAdmin = isAtLeast(useMe(), 'admin');
  const { series, data } = useSeries(product);
  const newest =
    series
      .map((one) => one.newest.week)
      .sort()
      .at(-1) ?? null;
  return (
    <Page
      title={product.name}
      actions={
        isAdmin && (
          <>
            <EditProduct product={product} />
            <ActivateProduct product={product} />
          </>
        )
      }
    >
      <Group gap="xs">
        {data !== undefined && <StandingBadge product={product} newest={newest} />}
        <Anchor component={Link} to={`/processes?product=${product.id}`} size="sm">
          Its processes
        </Anchor>
      </Group>
      <ProductFacts product={product} />
      <Parts product={product} />
    </Page>
  );
}

const PARTS = ['kpis', 'alerts', 'releases', 'connect'] as const;

function Parts({ product }: { readonly product: Product }) {
  const [params, change] = useAddress();
  const part = PARTS.find((one) => one === params.get('show')) ?? 'kpis';
  return (
    <Tabs value={part} onChange={(show) => change({ show: show === 'kpis' ? null : show })} keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="kpis">KPIs</Tabs.Tab>
        <Tabs.Tab value="alerts">Open alerts</Tabs.Tab>
        <Tabs.Tab value="releases">Releases</Tabs.Tab>
        <Tabs.Tab value="connect">Connect</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="kpis" pt="md">
        <ProductKpis product={product} />
      </Tabs.Panel>
      <Tabs.Panel value="alerts" pt="md">
        <AlertList
          filters={{ show: 'open', product: product.id }}
          none="Nothing is wrong with it that anybody told of. The tab “Connect” has the addresses for its alerts, and sends a test."
        />
      </Tabs.Panel>
      <Tabs.Panel value="releases" pt="md">
        <ReleaseList
          of={{ product: product.id }}
          none="Nothing was released yet, as far as this installation was told: name its repository, and let GitHub send its deployments here."
        />
      </Tabs.Panel>
      <Tabs.Panel value="connect" pt="md">
        <ProductHooks product={product} />
      </Tabs.Panel>
    </Tabs>
  );
}
