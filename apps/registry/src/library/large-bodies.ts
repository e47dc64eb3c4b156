import { READ_LIMITS } from './read-library';

/** Routes that take more than others, in bytes. */
export const largeBodies: Readonly<Record<string, number>> = { '/api/library/import': READ_LIMITS.maxBytes };
