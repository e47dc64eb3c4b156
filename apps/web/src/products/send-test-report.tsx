import { Badge, Button, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, ProblemError, type Schema } from '../api/client';
import type { paths } from '../api/schema';
import { useChange } from '../api/use-change';
import { numberText } from './kpi-series';

type Tested = Schema<'KpiTestView'>;
type Body = paths['/api/kpis/test']['post']['requestBody']['content']['application/json'];

const EFFECTS: Readonly<Record<Tested['figures'][number]['effect'], string>> = {
  new: 'is added',
  corrected: 'corrects what the week has',
  kept: 'stays as it is',
};

/** Sends a body that somebody pastes as a test: it is told as it would be, and nothing is counted. */
export function SendTestReport({ product, week }: { readonly product: string; readonly week: string }) {
  const [text, setText] = useState(`{"week": "${week}", "kpis": {"signups": 12}}`);
  const testing = useChange<void, Tested>({
    // Within a promise, so that a text that is no JSON fails it and not the page.
    change: async () => answerOf(api.POST('/api/kpis/test', { body: { ...readJson(text), product } })),
    done: null,
    touches: ['messages'],
    showsProblems: true,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        testing.mutate();
      }}
    >
      <Stack gap="sm" align="stretch">
        <Textarea
          label="A report, as it would be sent"
          description="As a test it goes to the chats that hear of this product’s KPIs, with its chart. Its first line says that you sent it, and nothing of it is counted."
          autosize
          minRows={2}
          maxRows={16}
          value={text}
          error={complaintOf(testing.error)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onChange={({ currentTarget: { value } }) => {
            setText(value);
            testing.reset();
          }}
        />
        <Group>
          <Button type="submit" variant="default" size="compact-sm" loading={testing.isPending}>
            Send a test
          </Button>
        </Group>
        {testing.data !== undefined && <Understood tested={testing.data} />}
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

function Understood({ tested: { week, figures } }: { readonly tested: Tested }) {
  return (
    <div role="status">
      <Text size="sm">
        The test is on its way to the chats, as a report of {week}; admins see it under Messages as well. Nothing was
        counted. Sent to the webhook, this would be:
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
