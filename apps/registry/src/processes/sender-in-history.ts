import { type Principal } from '@recert/service-kit';

/** As whom the history knows a sender: the person, or the name of a token that belongs to nobody. */
export function inHistory({ handle, name }: Pick<Principal, 'handle' | 'name'>): string {
  return handle ?? name;
}
