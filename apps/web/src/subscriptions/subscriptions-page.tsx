import { Stack, Text } from '@mantine/core';
import { HubTabs } from '../hub/hub-tabs';
import { ForAdmins } from '../shell/for-admins';
import { Page } from '../shell/page';
import { Paged } from '../shell/paged';
import { Subscribe } from './subscribe';
import { SubscriptionCard } from './subscription-card';
import { useSubscriptions } from './subscription-queries';

/** Addresses outside that are sent events. */
export function Component() {
  return (
    <ForAdmins title="Subscriptions">
      <Subscriptions />
    </ForAdmins>
  );
}

function Subscriptions() {
  const subscriptions = useSubscriptions();
  return (
    <Page title="Subscriptions" actions={<Subscribe />}>
      <HubTabs />
      <Paged pages={subscriptions}>
        {(all) =>
          all.length === 0 ? (
            <Text>
              Nothing outside hears of anything yet. Subscribe an address, such as a flow of n8n or Automatisch, and it
              is sent what happens here, signed, and again until it takes it.
            </Text>
          ) : (
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
              {all.map((subscription) => (
                <SubscriptionCard key={subscription.id} subscription={subscription} />
              ))}
            </Stack>
          )
        }
      </Paged>
    </Page>
  );
}
