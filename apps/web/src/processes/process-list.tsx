import { Anchor, Box, Loader, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { type Process } from './process-queries';
import { NarrowRow, WideHead, WideRow } from './process-row';
import { useOffsetTop } from './use-offset-top';

interface Props {
  readonly processes: readonly Process[];
  /** There are more behind these. */
  readonly hasMore: boolean;
  readonly loadMore: () => void;
}

const WIDE_ROW = 52;
const NARROW_ROW = 72;
/** So many rows before the end the next page is fetched. */
const AHEAD = 30;

/** Ten thousand processes as a table, of which only the rows in sight are there. Arrow keys go from one to the next. */
export function ProcessList({ processes, hasMore, loadMore }: Props) {
  const isWide = useMediaQuery('(min-width: 1100px)', true, { getInitialValueInEffect: false });
  const list = useRef<HTMLDivElement>(null);
  const scrollMargin = useOffsetTop(list);
  const virtual = useWindowVirtualizer({
    count: processes.length,
    estimateSize: () => (isWide ? WIDE_ROW : NARROW_ROW),
    overscan: 12,
    scrollMargin,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => virtual.measure(), [isWide, virtual]);
  useEffect(() => {
    if (hasMore && last >= processes.length - AHEAD) loadMore();
  }, [hasMore, last, processes.length, loadMore]);

  const goTo = (index: number): void => {
    if (index < 0 || index >= processes.length) return;
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`)?.focus());
  };
  const Row = isWide ? WideRow : NarrowRow;
  return (
    <Box role="table" aria-label="Processes" aria-rowcount={hasMore ? -1 : processes.length + 1}>
      {isWide && <WideHead />}
      <div
        ref={list}
        role="rowgroup"
        onKeyDown={(event) => onArrow(event, goTo)}
        style={{ height: virtual.getTotalSize(), position: 'relative' }}
      >
        {rows.map(({ index, start, size }) => (
          <Row
            key={processes[index]!.id}
            process={processes[index]!}
            index={index}
            style={{ height: size, transform: `translateY(${start - scrollMargin}px)` }}
          />
        ))}
      </div>
      {hasMore && <Loader size="sm" m="md" aria-label="Loading more" />}
    </Box>
  );
}

function onArrow(event: KeyboardEvent, goTo: (index: number) => void): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const at = (event.target as HTMLElement).closest('[data-index]')?.getAttribute('data-index');
  if (step === 0 || at === null || at === undefined) return;
  event.preventDefault();
  goTo(Number(at) + step);
}

/** What stands where the list is empty. */
export function NoProcesses({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <Text py="lg">
      {isFiltered ? (
        'Nothing is like that. Change the search or the filters.'
      ) : (
        <>
          There is no process yet. <Anchor href="/settings">Import your library</Anchor>: one Markdown file with a list
          is enough to begin.
        </>
      )}
    </Text>
  );
}
