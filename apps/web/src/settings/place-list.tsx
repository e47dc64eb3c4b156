import { List } from '@mantine/core';
import { type Mistake } from './mistakes';

/** Places of the library, each with what is said of it. */
export function PlaceList({ places }: { readonly places: readonly Mistake[] }) {
  return (
    <List size="sm" style={{ overflowWrap: 'anywhere' }}>
      {places.map(({ file, line, message }, index) => (
        <List.Item key={index}>
          <strong>
            {file}:{line}
          </strong>{' '}
          {message}
        </List.Item>
      ))}
    </List>
  );
}
