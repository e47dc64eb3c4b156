import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';

export type Principal = Schema<'PrincipalView'>;

/** Who is logged in; fails with 401 where nobody is. */
export function useSession() {
  return useQuery({ queryKey: ['session'], queryFn: () => answerOf(api.GET('/api/session')), staleTime: Infinity });
}

/** Whoever is logged in. Only for pages within the shell, which shows them to nobody else. */
export function useMe(): Principal {
  const { data } = useSession();
  if (data === undefined) throw new Error('nobody is logged in');
  return data;
}

const RANK: Readonly<Record<Principal['role'], number>> = { none: -1, viewer: 0, owner: 1, admin: 2 };

export function isAtLeast(me: Pick<Principal, 'role'>, role: 'viewer' | 'owner' | 'admin'): boolean {
  return RANK[me.role] >= RANK[role];
}

/** Whether what belongs to `owner` is theirs to change: their own, or anything for an admin. */
export function mayChange(me: Pick<Principal, 'role' | 'handle'>, owner: string | null): boolean {
  return isAtLeast(me, 'admin') || (isAtLeast(me, 'owner') && me.handle === owner);
}

export function useLogOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await answerOf(api.DELETE('/api/session'));
    queries.clear();
    window.location.assign('/login');
  };
}
