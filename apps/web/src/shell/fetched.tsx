import { Skeleton } from '@mantine/core';
import { type ReactNode } from 'react';
import { Failure } from './failure';

interface Props<T> {
  readonly query: { readonly data: T | undefined; readonly error: Error | null; readonly refetch: () => unknown };
  /** About how tall it will be, in pixels: so nothing jumps when it comes. */
  readonly height?: number;
  readonly children: (data: T) => ReactNode;
}

/** What was fetched, or that it is on its way, or why it did not come. What was there before stays while it is fetched again. */
export function Fetched<T>({ query: { data, error, refetch }, height = 200, children }: Props<T>) {
  if (data !== undefined) return children(data);
  if (error !== null) return <Failure error={error} again={refetch} />;
  return <Skeleton h={height} aria-label="Loading" />;
}
