import { fieldsOf, isFields } from '../fields';
import { readLabelledAlert } from '../labelled-alert';
import { type KeptHeaders, read, type Reading, type Sign, unreadable } from '../sign';

/** Grafana's webhook, version 1: as Alertmanager's, with panels to look at, and a button that sends a test. */
export function readGrafana(_headers: KeptHeaders, body: unknown): Reading {
  const alerts = fieldsOf(body)['alerts'];
  if (!isFields(body) || !Array.isArray(alerts)) return unreadable('alerts: a list is missing, as Grafana sends it');
  const signs = alerts.flatMap((entry: unknown) => readEntry(entry, body['externalURL']) ?? []);
  return signs.length > 0 ? read(...signs) : unreadable('alerts: there is none in the list');
}

function readEntry(entry: unknown, externalURL: unknown): Sign | null {
  const { panelURL, dashboardURL, generatorURL, labels } = fieldsOf(entry);
  const sign = readLabelledAlert(entry, [panelURL, dashboardURL, generatorURL, externalURL]);
  const { alertname, instance } = fieldsOf(labels);
  const isTest = alertname === 'TestAlert' && instance === 'Grafana';
  if (sign === null || !isTest) return sign;
  const title = 'A test message of Grafana has arrived: its alerts reach Recert';
  return { ...sign, kind: 'other', severity: 'info', title, detail: null };
}
