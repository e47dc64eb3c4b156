import { ActionIcon, Anchor, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconExternalLink } from '@tabler/icons-react';
import { type CSSProperties } from 'react';
import { Link } from 'react-router';
import { day } from '../shell/moment';
import { When } from '../shell/when';
import { useFilters, type Sort } from './filters';
import { periodText } from './period';
import { type Process } from './process-queries';
import classes from './process-list.module.css';
import { StatusBadge } from './status-badge';

interface Props {
  readonly process: Process;
  readonly index: number;
  readonly style: CSSProperties;
}

const COLUMNS: readonly { readonly sort: Sort; readonly label: string }[] = [
  { sort: 'name', label: 'Process' },
  { sort: 'section', label: 'Section' },
  { sort: 'owner', label: 'Owner' },
  { sort: 'status', label: 'Status' },
  { sort: 'certificationDate', label: 'Certified' },
  { sort: 'triggerPeriod', label: 'Asked' },
  { sort: 'nextDueAt', label: 'Next due' },
];

export function WideHead() {
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={`${classes.head} ${classes.wide}`}>
        {COLUMNS.map((column) => (
          <ColumnHead key={column.sort} {...column} />
        ))}
        <VisuallyHidden role="columnheader">Record</VisuallyHidden>
      </div>
    </div>
  );
}

/** The first press sorts upwards, the second downwards, the third as the library has it. */
function ColumnHead({ sort, label }: (typeof COLUMNS)[number]) {
  const [filters, change] = useFilters();
  const order = filters.sort === sort ? (filters.order ?? 'asc') : null;
  const press = (): void => {
    if (order === 'desc') change({ sort: null, order: null });
    else change({ sort, order: order === 'asc' ? 'desc' : null });
  };
  const sorted = order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : 'none';
  const Arrow = order === 'desc' ? IconArrowDown : IconArrowUp;
  return (
    <span role="columnheader" aria-sort={sorted} className={classes.cell}>
      <UnstyledButton onClick={press} fz="sm" fw={600}>
        {label} {order !== null && <Arrow size={14} aria-hidden />}
      </UnstyledButton>
    </span>
  );
}

export function WideRow({ process, index, style }: Props) {
  const { id, name, section, owner, certificationDate, triggerPeriod, nextDueAt, documented } = process;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      className={`${classes.row} ${classes.wide}`}
      style={style}
    >
      <span role="cell" className={classes.cell}>
        <Anchor component={Link} to={`/processes/${id}`} title={name}>
          {name}
        </Anchor>
      </span>
      <Cell text={section} />
      <Cell text={owner} />
      <span role="cell">
        <StatusBadge process={process} />
      </span>
      <Cell text={certificationDate && day(certificationDate)} />
      <Cell text={documented ? periodText(triggerPeriod) : null} />
      <span role="cell" className={classes.cell}>
        <When at={nextDueAt} />
      </span>
      <RecordLink process={process} />
    </div>
  );
}

function Cell({ text }: { readonly text: string | null }) {
  return (
    <Text span role="cell" size="sm" className={classes.cell} title={text ?? ''}>
      {text ?? '–'}
    </Text>
  );
}

function RecordLink({ process: { url, name } }: Pick<Props, 'process'>) {
  return (
    <span role="cell">
      {url !== null && (
        <ActionIcon
          component="a"
          href={url}
          target="_blank"
          rel="noreferrer"
          variant="subtle"
          aria-label={`Record of ${name}`}
        >
          <IconExternalLink size={16} aria-hidden />
        </ActionIcon>
      )}
    </span>
  );
}

/** On a phone: the name, who owns it, and how it stands. */
export function NarrowRow({ process, index, style }: Props) {
  const { id, name, section, owner } = process;
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      data-index={index}
      className={`${classes.row} ${classes.narrow}`}
      style={style}
    >
      <span role="cell" className={`${classes.cell} ${classes.whole}`}>
        <Anchor component={Link} to={`/processes/${id}`} title={name}>
          {name}
        </Anchor>
      </span>
      <Text span role="cell" size="xs" c="dimmed" className={classes.cell}>
        {[section, owner].filter(Boolean).join(' · ')}
      </Text>
      <span role="cell">
        <StatusBadge process={process} />
      </span>
    </div>
  );
}
