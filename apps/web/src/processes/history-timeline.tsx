import { Text, Timeline } from '@mantine/core';
import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { moment } from '../shell/moment';
import { Paged } from '../shell/paged';

/** Every change of every field: what it was, what it became, by whom and why. */
export function HistoryTimeline({ id }: { readonly id: string }) {
  const pages = usePages(['process', id, 'history'], (begin) =>
    answerOf(api.GET('/api/processes/{id}/history', { params: { path: { id }, query: { limit: 200, ...begin } } })),
  );
  return (
    <Paged pages={pages}>
      {(rows) => (
        <Timeline bulletSize={14} lineWidth={2}>
          {rows.map((row, index) => (
            <Timeline.Item key={index} title={titleOf(row)}>
              <Change row={row} />
              <Text size="xs" c="dimmed">
                {moment(row.at)} by {row.by} · {row.cause} · {row.source}
              </Text>
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Paged>
  );
}

function titleOf({ field }: Schema<'HistoryView'>): string {
  return field.replace(/([A-Z])/g, ' $1').toLowerCase();
}

function Change({ row: { old, new: now } }: { readonly row: Schema<'HistoryView'> }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {old !== null && <del>{old}</del>} {old !== null && now !== null && '→ '}
      {now !== null && <ins style={{ textDecoration: 'none', fontWeight: 600 }}>{now}</ins>}
      {now === null && old !== null && ' (taken away)'}
    </Text>
  );
}
