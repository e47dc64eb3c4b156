import { fieldsOf, isFields } from '../fields';
import { readLabelledAlert } from '../labelled-alert';
import { type KeptHeaders, read, type Reading, unreadable } from '../sign';

/** Prometheus Alertmanager's webhook, version 4: one sign per entry of `alerts[]`, each by its fingerprint. */
export function readAlertmanager(_headers: KeptHeaders, body: unknown): Reading {
  const alerts = fieldsOf(body)['alerts'];
  if (!isFields(body) || !Array.isArray(alerts))
    return unreadable('alerts: a list is missing, as Alertmanager sends it');
  const signs = alerts.flatMap(
    (entry: unknown) => readLabelledAlert(entry, [fieldsOf(entry)['generatorURL'], body['externalURL']]) ?? [],
  );
  return signs.length > 0 ? read(...signs) : unreadable('alerts: there is none in the list');
}
