import { type Person } from './people-queries';

/**
 * @param text what is looked for in handles and names, whatever its case
 * @returns those who are like it, whoever is deactivated last, otherwise in the order given
 */
export function findPeople(people: readonly Person[], text: string): readonly Person[] {
  const wanted = text.trim().toLowerCase();
  const found = people.filter(({ handle, name }) => handle.includes(wanted) || name.toLowerCase().includes(wanted));
  return [...found.filter(({ active }) => active), ...found.filter(({ active }) => !active)];
}
