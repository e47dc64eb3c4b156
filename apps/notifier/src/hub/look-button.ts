import { type Button } from '../messages/rich-text';
import { isPublicAddress } from '../questions/record-link';

/** Where people read a message. */
export interface Place {
  /** IANA zone of the organisation. */
  readonly zone: string;
  /** Where the console is, without a slash at its end; null where that is not known. */
  readonly publicUrl: string | null;
}

/** A row with a link into the console; none where Telegram could not open it. */
export function rowsTo({ publicUrl }: Place, path: string): readonly (readonly Button[])[] {
  const url = publicUrl === null ? null : `${publicUrl.replace(/\/$/, '')}${path}`;
  return url === null || !isPublicAddress(url) ? [] : [[{ text: 'Look', url }]];
}
