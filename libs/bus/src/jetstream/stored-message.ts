import {
  JetStreamApiError,
  type JetStreamManager,
  type MsgRequest,
  type NextMsgRequest,
  type StoredMsg,
} from '@nats-io/jetstream';
import { fromHeaders } from '../envelope';
import { type Lying } from '../transport';
import { STREAM } from './stream';

const NO_MESSAGE_FOUND = 10037;

/** A message of the stream; null when it has none there. */
export async function messageAt(manager: JetStreamManager, request: MsgRequest): Promise<StoredMsg | null> {
  try {
    return await manager.streams.getMessage(STREAM, request);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NO_MESSAGE_FOUND) return null;
    throw error;
  }
}

/** The first message of a subject behind a sequence; null when there is none. */
export async function nextMessage(manager: JetStreamManager, subject: string, after: number): Promise<Lying | null> {
  // The client's types know it of direct requests only, the server of both.
  const request: MsgRequest & NextMsgRequest = { seq: after + 1, next_by_subj: subject };
  const message = await messageAt(manager, request);
  if (message === null) return null;
  return {
    sequence: message.seq,
    subject: message.subject,
    attributes: fromHeaders((name) => message.header.get(name) || undefined),
    payload: Buffer.from(message.data),
  };
}
