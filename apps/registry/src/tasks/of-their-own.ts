import { UserError, type Principal } from '@recert/service-kit';

/** Admins may do everything with tasks; owners what concerns tasks of their own. @throws UserError 403 */
export function mustBeTheirs({ role, handle }: Pick<Principal, 'role' | 'handle'>, owner: string | null): void {
  if (role === 'admin' || (handle !== null && handle === owner)) return;
  const whose = owner === null ? 'nobody' : owner;
  throw new UserError(403, `This task belongs to ${whose}: only its owner or an admin may do this.`);
}
