import { Text, Tooltip, type TextProps } from '@mantine/core';
import { moment, relative } from './moment';

interface Props extends TextProps {
  readonly at: string | null;
  /** What stands where there is none. */
  readonly never?: string;
}

/** A moment as people say it, with the exact one for whoever points at it. */
export function When({ at, never = '–', ...text }: Props) {
  if (at === null)
    return (
      <Text span size="sm" c="dimmed" {...text}>
        {never}
      </Text>
    );
  return (
    <Tooltip label={moment(at)} withArrow>
      <Text span size="sm" {...text}>
        <time dateTime={at}>{relative(at)}</time>
      </Text>
    </Tooltip>
  );
}
