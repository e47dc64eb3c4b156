import { type Schema } from '../api/client';
import { type ProductDraft } from './product-form';

type Product = Schema<'ProductView'>;

export const EMPTY: ProductDraft = {
  ...{ name: '', owner: '', admins: [], url: '', repository: '', sentryProject: '', timezone: '', dueBy: '' },
};

export function draftOf({ name, owner, admins, url, repository, sentryProject, week }: Product): ProductDraft {
  return {
    ...{ name, owner, admins, timezone: week.timezone, dueBy: week.dueBy },
    ...{ url: url ?? '', repository: repository ?? '', sentryProject: sentryProject ?? '' },
  };
}

/** Whether it has what no product is without. */
export function isComplete({ name, owner }: ProductDraft): boolean {
  return name.trim() !== '' && owner !== '';
}

const given = (text: string): string | undefined => text.trim() || undefined;
const present = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };

/** What `POST /api/products` takes: without what is left empty. */
export function bodyOf(draft: ProductDraft) {
  const { name, owner, admins, url, repository, sentryProject, timezone, dueBy } = draft;
  return {
    ...{ name: name.trim(), owner, admins: [...admins] },
    ...present({ url: given(url), repository: given(repository), sentryProject: given(sentryProject) }),
    week: present({ timezone: given(timezone), dueBy: given(dueBy) }),
  };
}

/** What `PATCH /api/products/:id` takes: only what is other than before; what was emptied is taken away. */
export function patchOf(before: ProductDraft, after: ProductDraft) {
  const changed = (field: keyof ProductDraft): boolean => String(before[field]) !== String(after[field]);
  const week = present({
    timezone: changed('timezone') ? given(after.timezone) : undefined,
    dueBy: changed('dueBy') ? given(after.dueBy) : undefined,
  });
  return {
    ...(changed('name') ? { name: after.name.trim() } : {}),
    ...(changed('owner') ? { owner: after.owner } : {}),
    ...(changed('admins') ? { admins: [...after.admins] } : {}),
    ...(changed('url') ? { url: given(after.url) ?? null } : {}),
    ...(changed('repository') ? { repository: given(after.repository) ?? null } : {}),
    ...(changed('sentryProject') ? { sentryProject: given(after.sentryProject) ?? null } : {}),
    ...(Object.keys(week).length === 0 ? {} : { week }),
  };
}
