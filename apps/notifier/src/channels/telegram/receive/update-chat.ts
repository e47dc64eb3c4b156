import { type Update } from 'telegraf/types';

/** What the queue of an update is called: its chat, else whoever sent it. Updates of one queue are handled in order. */
export function chatKeyOf(update: Update): string {
  const content = Object.values(update).find((value) => typeof value === 'object' && value !== null) as
    Content | undefined;
  const id = content?.message?.chat?.id ?? content?.chat?.id ?? content?.from?.id;
  return id === undefined ? 'none' : String(id);
}

/** The parts of any kind of update that may tell where it belongs. */
interface Content {
  readonly chat?: { readonly id?: number };
  readonly message?: { readonly chat?: { readonly id?: number } };
  readonly from?: { readonly id?: number };
}
