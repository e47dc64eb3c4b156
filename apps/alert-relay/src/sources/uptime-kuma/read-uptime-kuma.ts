import { type Fields, fieldsOf, instantOf, isFields, linkOf, listOf, textOf, textsOf, titleOf } from '../fields';
import { type KeptHeaders, read, type Reading, type Sign, type SignStatus, unreadable } from '../sign';

/**
 * What a heartbeat's status means. After a maintenance Uptime Kuma tells of an outage only, never that all is well: an
 * alert that stayed open through it would swallow that outage.
 */
const STATUS_OF_HEARTBEAT: ReadonlyMap<unknown, SignStatus> = new Map([
  [0, 'firing'],
  [1, 'resolved'],
  [2, 'note'],
  [3, 'resolved'],
]);

/** Uptime Kuma's webhook: a heartbeat of a monitor, or a text alone, as in a test or about a certificate. */
export function readUptimeKuma(_headers: KeptHeaders, body: unknown, receivedAt: Date): Reading {
  if (!isFields(body))
    return unreadable('the body is neither JSON nor a form with the field data, as Uptime Kuma sends');
  const heartbeat = fieldsOf(body['heartbeat']);
  const monitor = fieldsOf(body['monitor']);
  if (body['heartbeat'] === null || body['heartbeat'] === undefined) return readMessage(body, monitor, receivedAt);
  const status = STATUS_OF_HEARTBEAT.get(heartbeat['status']);
  if (status === undefined)
    return unreadable('heartbeat.status: expected 0 (down), 1 (up), 2 (pending) or 3 (maintenance)');
  const id = textOf(heartbeat['monitorID'], 100) ?? textOf(monitor['id'], 100) ?? textOf(monitor['name'], 100);
  if (id === null) return unreadable('heartbeat.monitorID: missing, and the monitor has neither id nor name');
  const name = titleOf(monitor['name']) ?? `Monitor ${id}`;
  return read({
    key: `monitor ${id}`,
    status,
    kind: 'uptime',
    severity: 'critical',
    title: `${name} is down`,
    detail: textOf(heartbeat['msg']),
    link: linkOf(monitor['url']),
    productHints: productTags(monitor),
    at: utcOf(heartbeat['time']),
    by: null,
  });
}

/** A message without a heartbeat. The number in "will expire in 7 days" does not make it another alert. */
function readMessage(body: Fields, monitor: Fields, receivedAt: Date): Reading {
  const message = titleOf(body['msg']);
  if (message === null) return unreadable('msg: missing, and there is no heartbeat');
  const isTest = /\bTesting$/.test(message);
  const sign: Sign = {
    key: isTest ? 'test' : `message ${message.replace(/\d+/g, '#')}`,
    status: 'firing',
    kind: 'other',
    severity: isTest ? 'info' : 'warning',
    title: isTest ? 'A test message of Uptime Kuma has arrived: its alerts reach Recert' : message,
    detail: isTest ? message : null,
    link: linkOf(monitor['url']),
    productHints: productTags(monitor),
    at: receivedAt,
    by: null,
  };
  return read(sign);
}

/** The value of a monitor's tag `product`. */
function productTags(monitor: Fields): string[] {
  const tags = listOf(monitor['tags']).map(fieldsOf);
  return textsOf(...tags.filter((tag) => tag['name'] === 'product').map((tag) => tag['value']));
}

/** Written as 2026-11-20 09:14:03.412, which is UTC. */
function utcOf(time: unknown): Date | null {
  const text = textOf(time, 100);
  if (text === null) return null;
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(text)
    ? instantOf(`${text.replace(' ', 'T')}Z`)
    : instantOf(text);
}
