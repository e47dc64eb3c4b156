import { z } from 'zod';
import { instant } from '../scalars';

/** `PUT /api/processes/:id/public`: whether everybody who has the address may read the record. */
export const publishBody = z.strictObject({ on: z.boolean() });
export type PublishBody = z.output<typeof publishBody>;

/** `GET /api/processes/:id/public`: the public page of a process, and what readers reported there, newest first. */
export const publicationView = z.object({
  on: z.boolean(),
  since: instant.nullable(),
  by: z.string().nullable(),
  /** Paths of the page and of the badge; they answer 404 while it is off. */
  page: z.string(),
  badge: z.string(),
  reports: z.array(z.object({ at: instant, text: z.string() })),
});
export type PublicationView = z.output<typeof publicationView>;

/** `GET /api/public/:id`: what a reader outside sees of a process. No handle and no address of anybody. */
export const publicView = z.object({
  name: z.string(),
  section: z.string().nullable(),
  certified: z.boolean(),
  certifiedAt: instant.nullable(),
  /** When it is to be reviewed again; null while it is not certified. */
  certifiedUntil: instant.nullable(),
  /** The name of the person. */
  certifiedBy: z.string().nullable(),
  record: z.string(),
});
export type PublicView = z.output<typeof publicView>;

/** `POST /api/public/:id/outdated`: a reader says what is wrong, or just that something is. */
export const readerReportBody = z.strictObject({ text: z.string().trim().max(2000).default('') });
export type ReaderReportBody = z.output<typeof readerReportBody>;
export const readerReportAnswer = z.object({ reported: z.literal(true) });
