import { allEvents, serviceNames, type ServiceName } from '@recert/contracts';
import { natsName, STREAM, subjects } from '@recert/bus';
import { describeConsumers, type DeclaredConsumer } from '@recert/service-kit';
import { NOWHERE } from './openapi-text';
import { standaloneProcess } from './standalone-process';

/** The subjects that one user of NATS may use. */
export interface Permissions {
  readonly user: ServiceName;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

const API = '$JS.API';
/**
 * The registry is the hub: its console and its subscriptions hear whatever there is, and it alone makes the stream and
 * changes it.
 */
const HUB: ServiceName = 'registry';

/** What each service says and takes, and no more: by the contracts, and by the handlers that there are. */
export async function natsPermissions(): Promise<Permissions[]> {
  const consumers = await describeConsumers(standaloneProcess, NOWHERE);
  return serviceNames.map((user) => ({
    user,
    publish: [...said(user), ...asked(user, consumers)],
    subscribe: [`_INBOX_${user}.>`, ...(user === HUB ? subjects() : [])],
  }));
}

function said(user: ServiceName): string[] {
  const own = allEvents.filter(({ publishers }) => publishers.includes(user)).map(({ subject }) => subject);
  return [...own, ...(user === HUB ? ['outside.*'] : [])].sort();
}

function asked(user: ServiceName, consumers: readonly DeclaredConsumer[]): string[] {
  const own = consumers.filter(({ durable }) => durable.startsWith(`${user}.`)).map(({ durable }) => natsName(durable));
  const taken = user === HUB ? ['*'] : own;
  const making = user === HUB ? [`${API}.STREAM.CREATE.${STREAM}`, `${API}.STREAM.UPDATE.${STREAM}`] : [];
  return [
    `${API}.INFO`,
    `${API}.STREAM.INFO.${STREAM}`,
    ...making,
    // Of what it published itself it asks whether the stream still has it.
    `${API}.STREAM.MSG.GET.${STREAM}`,
    `${API}.CONSUMER.LIST.${STREAM}`,
    `${API}.CONSUMER.INFO.${STREAM}.*`,
    // A stream that was rolled back is mended by whoever sees it first, for everybody: their consumers are made anew as
    // they were, each with its own subject.
    `${API}.CONSUMER.DELETE.${STREAM}.*`,
    ...(user === HUB
      ? [`${API}.CONSUMER.CREATE.${STREAM}.>`]
      : consumers.map(({ durable, subject }) => `${API}.CONSUMER.CREATE.${STREAM}.${natsName(durable)}.${subject}`)),
    ...taken.flatMap((name) => [`${API}.CONSUMER.MSG.NEXT.${STREAM}.${name}`, `$JS.ACK.${STREAM}.${name}.>`]),
  ];
}
