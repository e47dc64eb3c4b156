import { CreateKpis0001 } from './0001-create-kpis';

/** In order; a migration that was released is never edited. */
export const migrations = [CreateKpis0001];
