import { Text } from '@mantine/core';
import { ProblemError } from '../api/client';

/** What went wrong, where it stands beside no field. */
export function ProblemText({ error }: { readonly error: Error | null }) {
  if (error === null || (error instanceof ProblemError && Object.keys(error.fields).length > 0)) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert" style={{ overflowWrap: 'anywhere' }}>
      {error.message}
    </Text>
  );
}
