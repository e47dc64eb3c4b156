import { type ShownChange } from './shown-change';

/** After which a browser comes back when the connection broke. */
const RETRY_MS = 2_000;

/** Says nothing, so that a proxy sees that the connection is in use. */
export const HEARTBEAT = ':\n\n';
/** Whatever was shown may not be so any more: fetch it anew. */
export const RESYNC = 'event: resync\ndata: {}\n\n';

/** The id makes a browser say, when it comes back, that it was here before. */
export function opening(isBack: boolean): string {
  return `retry: ${RETRY_MS}\nid: 0\n\n${isBack ? RESYNC : ''}`;
}

/** Something that is no change, and that a page which was not there need not hear of later. */
export function wordOf(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** @param id counts the messages of this process */
export function messageOf({ subject, id: of, at }: ShownChange, id: number): string {
  return `id: ${id}\ndata: ${JSON.stringify({ subject, id: of, at })}\n\n`;
}
