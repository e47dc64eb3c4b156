import { Badge, Button, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, ProblemError, type Schema } from '../api/client';
import type { paths } from '../api/schema';
import { useChange } from '../api/use-change';
import { numberText } from './kpi-series';

type Checked = Schema<'KpiCheckView'>;
type Body = paths['/api/kpis/check']['post']['requestBody']['content']['application/json'];

const EFFECTS: Readonly<Record<Checked['figures'][number]['effect'], string>> = {
  new: 'is added',
  corrected: 'corrects what the week has',
  kept: 'stays as it is',
};

/** What the hook would make of a body that somebody pastes. Nothing is stored. */
export function CheckReport({ product, week }: { readonly product: string; readonly week: string }) {
  const [text, setText] = useState(`{"week": "${week}", "kpis": {"signups": 12}}`);
  const checking = useChange<void, Checked>({
    change: () => {
      const body = readJson(text);
      return answerOf(api.POST('/api/kpis/check', { params: { query: { product } }, body }));
    },
    done: null,
    touches: [],
    showsProblems: true,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        checking.mutate();
      }}
    >
      <Stack gap="sm" align="stretch">
        <Textarea
          label="A report, as it would be sent"
          autosize
          minRows={2}
          maxRows={16}
          value={text}
          error={complaintOf(checking.error)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onChange={({ currentTarget: { value } }) => {
            setText(value);
            checking.reset();
          }}
        />
        <Group>
          <Button type="submit" variant="default" size="compact-sm" loading={checking.isPending}>
            Check it
          </Button>
        </Group>
        {checking.data !== undefined && <Understood checked={checking.data} />}
      </Stack>
    </form>
  );
}

/** @throws ProblemError for a text that is no JSON; whether it is a report is for the server to say */
function readJson(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch (error) {
    throw new ProblemError(422, `This is not JSON: ${(error as SyntaxError).message}`);
  }
}

function complaintOf(error: Error | null): string | undefined {
  if (error === null) return undefined;
  const fields = error instanceof ProblemError ? Object.entries(error.fields) : [];
  return fields.length === 0 ? error.message : fields.map(([field, message]) => `${field}: ${message}`).join('; ');
}

function Understood({ checked: { week, figures } }: { readonly checked: Checked }) {
  return (
    <div role="status">
      <Text size="sm">
        It is understood as a report of {week}. Nothing was stored; sent to the webhook, this would be:
      </Text>
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {['Figure', 'Value', 'Target', 'Better', 'It'].map((head) => (
                <Table.Th key={head}>{head}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {figures.map(({ name, value, unit, target, better, effect }) => (
              <Table.Tr key={name}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{name}</Table.Td>
                <Table.Td>{[numberText(value), unit].filter(Boolean).join(' ')}</Table.Td>
                <Table.Td>{target === null ? '–' : numberText(target)}</Table.Td>
                <Table.Td>{better === 'up' ? 'more' : 'less'}</Table.Td>
                <Table.Td>
                  <Badge size="sm" variant="light" color={effect === 'kept' ? 'gray' : 'teal'}>
                    {EFFECTS[effect]}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}
