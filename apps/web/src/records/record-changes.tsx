import { Box, Code, Text } from '@mantine/core';
import { diffLines } from 'diff';

interface Props {
  readonly before: string;
  readonly after: string;
}

const SHADE = { added: 'var(--mantine-color-teal-light)', removed: 'var(--mantine-color-red-light)' };
/** So many lines around a change stay in sight. */
const AROUND = 3;

/** What was written, taken away and left, line by line. */
export default function RecordChanges({ before, after }: Props) {
  const parts = diffLines(before, after);
  if (parts.every(({ added, removed }) => !added && !removed)) return <Text>Nothing was changed.</Text>;
  return (
    <Box component="pre" m={0} fz="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {parts.map(({ added, removed, value }, index) => {
        const what = added ? 'added' : removed ? 'removed' : null;
        const lines = value.replace(/\n$/, '').split('\n');
        const shown = what === null ? shorten(lines, index === 0, index === parts.length - 1) : lines;
        const sign = added ? '+ ' : removed ? '− ' : '  ';
        const Tag = added ? 'ins' : removed ? 'del' : 'div';
        return (
          <Box
            key={index}
            component={Tag}
            style={{ display: 'block', textDecoration: 'none', ...(what === null ? {} : { background: SHADE[what] }) }}
          >
            <Code bg="transparent" style={{ whiteSpace: 'pre-wrap' }}>
              {shown.map((line) => sign + line).join('\n')}
            </Code>
          </Box>
        );
      })}
    </Box>
  );
}

/** What is far from any change is left out. */
function shorten(lines: string[], isFirst: boolean, isLast: boolean): string[] {
  if (lines.length <= 2 * AROUND + 1) return lines;
  const head = isFirst ? [] : lines.slice(0, AROUND);
  const tail = isLast ? [] : lines.slice(-AROUND);
  return [...head, `… ${lines.length - head.length - tail.length} lines …`, ...tail];
}
