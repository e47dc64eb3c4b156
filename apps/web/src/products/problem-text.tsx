import { Text } from '@mantine/core';
import { ProblemError } from '../api/client';

/** Brings whoever has sent a form to the first of its fields that has to be mended, once it is marked. */
export function focusFirstProblem(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

/** What went wrong, where it stands beside no field. */
export function ProblemText({ error }: { readonly error: Error | null }) {
  if (error === null || (error instanceof ProblemError && Object.keys(error.fields).length > 0)) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert" style={{ overflowWrap: 'anywhere' }}>
      {error.message}
    </Text>
  );
}
