import { type Fields, fieldsOf, linkOf, listOf, textOf, textsOf, titleOf } from '../fields';
import { type Sign, type SignStatus } from '../sign';

const STATUS_OF_ACTION: ReadonlyMap<string, SignStatus> = new Map([
  ['critical', 'firing'],
  ['warning', 'firing'],
  ['resolved', 'resolved'],
]);

/**
 * The resource `metric_alert`. Its times are those of the measured window, which may lie before the last recovery: only
 * the sending says when it changed.
 * @returns null for an action that is not known, or without an alert
 */
export function readMetricAlert(action: string, body: Fields, sentAt: Date): Sign | null {
  const data = fieldsOf(body['data']);
  const incident = fieldsOf(data['metric_alert']);
  const rule = fieldsOf(incident['alert_rule']);
  const id = textOf(rule['id'], 100) ?? textOf(incident['id'], 100);
  const status = STATUS_OF_ACTION.get(action);
  if (status === undefined || id === null) return null;
  const projects = textsOf(...listOf(incident['projects']), ...listOf(rule['projects']));
  const name = titleOf(rule['name']) ?? titleOf(incident['title']) ?? `Metric alert ${id}`;
  return {
    key: `metric ${id}${projects.length > 0 ? ` of ${[...new Set(projects)].sort().join(',')}` : ''}`.slice(0, 300),
    status,
    kind: 'metric',
    severity: action === 'resolved' ? null : action === 'critical' ? 'critical' : 'warning',
    title: name,
    detail: textOf(data['description_text'])?.replaceAll('\\n', '\n') ?? null,
    link: linkOf(data['web_url']),
    productHints: projects,
    at: sentAt,
    by: null,
  };
}
