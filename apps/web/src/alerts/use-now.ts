import { useInterval } from '@mantine/hooks';
import { useState } from 'react';

/** The present moment, looked at again every so many milliseconds. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useInterval(() => setNow(new Date()), everyMs, { autoInvoke: true });
  return now;
}
