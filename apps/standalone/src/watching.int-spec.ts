import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningProcess } from '@recert/service-kit';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { parse } from 'yaml';
import { startStandaloneOn } from './fixtures/running-standalone';

// Jest cannot load the ES module that it stands on, and nobody asks for a file here.
jest.mock('@fastify/static', () => async () => undefined);

const ROOT = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
/** Of Prometheus itself. */
const NOT_OURS = new Set(['up']);
const METRIC = /\b(?:recert|process|nodejs)_[a-z_]+\b|\bup\b/g;
const ALERTS = /^### (Recert\w+)$/gm;

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
}

const rules = (parse(read('deploy/prometheus/rules.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(read('deploy/grafana/dashboard.json')) as { panels: Panel[]; templating: unknown };
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
];
const metricsIn = (text: string): string[] => text.match(METRIC) ?? [];

describe('who watches Recert', () => {
  let database: TestDatabase;
  let running: RunningProcess;
  let text: string;

  beforeAll(async () => {
    database = await testDatabase();
    running = await startStandaloneOn(database.url);
    text = await (await fetch(`${running.url}/metrics`)).text();
  });
  afterAll(async () => {
    await running.stop();
    await database.drop();
  });

  it('asks only for metrics that there are', () => {
    const there = new Set(
      [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name, type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!],
      ),
    );
    const asked = [...new Set(expressions.flatMap(metricsIn))].filter((name) => !NOT_OURS.has(name));
    expect(asked.filter((name) => !there.has(name))).toEqual([]);
    expect(asked.length).toBeGreaterThan(20);
  });

  it.each([
    'recert_outbox_oldest_seconds{service="registry"}',
    'recert_dead_letters_open{service="notifier"}',
    'recert_intake_oldest_seconds{service="kpi-ingest"}',
    'recert_intake_oldest_seconds{service="alert-relay"}',
    'recert_spool_requests{service="registry"} 0',
    'recert_spool_aside_files{service="kpi-ingest"} 0',
    'recert_database_away_seconds{service="alert-relay"} 0',
    'recert_database_connections{service="registry",state="waiting"} 0',
    'recert_health_ok{check="database scheduler"}',
    'recert_messages_late_seconds{service="notifier"}',
    'recert_schedule_late_seconds{service="scheduler"}',
    'recert_bus_backlog{durable="scheduler.review-when-requested"}',
    'recert_errors_total{report="off"}',
    'recert_hook_requests_total{hook="sentry",status="503"}',
    'recert_event_loop_lag_seconds',
  ])('is told %s', (series) => {
    expect(text).toMatch(new RegExp(`^${series.replaceAll(/[{}]/g, '\\$&')}(?: |$)`, 'm'));
  });

  it('is told when each timer last went round', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    const later = await (await fetch(`${running.url}/metrics`)).text();
    const timers = [...later.matchAll(/^recert_timer_last_round_timestamp_seconds\{timer="([\w.-]+)"\} (\d+)/gm)];
    expect(timers.map(([, timer]) => timer)).toEqual(expect.arrayContaining(['scheduler.review-timer']));
    for (const [, , at] of timers) expect(Math.abs(Date.now() / 1000 - Number(at))).toBeLessThan(30);
  }, 15_000);
});

describe('each alert', () => {
  it('says how bad it is, what has happened, and where it is explained', () => {
    for (const { alert, for: since, labels, annotations } of rules) {
      expect([alert, since]).toEqual([alert, expect.stringMatching(/^\d+m$/)]);
      expect(['critical', 'warning']).toContain(labels.severity);
      expect([annotations['summary'], annotations['description']]).not.toContain(undefined);
      expect(annotations['runbook_url']).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    }
  });

  it('has a section of its name in docs/operations.md, and each such section an alert', () => {
    const explained = [...read('docs/operations.md').matchAll(ALERTS)].map(([, name]) => name!);
    expect(explained).toEqual(rules.map(({ alert }) => alert));
  });

  it('is tested just before it fires and when it does', () => {
    const tested = read('deploy/prometheus/rules.test.yml').match(/(?<=alertname=")\w+/g) ?? [];
    expect([...new Set(tested)]).toEqual(rules.map(({ alert }) => alert));
  });
});

describe('the dashboard', () => {
  it('asks whichever source of data is chosen, and has a row for each service', () => {
    expect(JSON.stringify(dashboard.templating)).toContain('"type":"datasource","query":"prometheus"');
    const shown = dashboard.panels.filter(({ type }) => type !== 'row');
    expect(new Set(shown.map(({ datasource }) => datasource?.uid))).toEqual(new Set(['${datasource}']));
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    for (const service of ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay'])
      expect(rows.some((title) => title.includes(service))).toBe(true);
  });
});
