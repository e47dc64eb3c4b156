import { type Msg, nanos } from '@nats-io/transport-node';
import { fromHeaders } from '../envelope';
import { type Passing } from '../observers';
import { type Incoming } from '../transport';

/** The answers that JetStream understands to a message (its protocol's own words). */
export interface Answers {
  ack(): void;
  retryAfter(delayMs: number): void;
  /** Begins the time anew that the server waits for an ack. */
  stillWorking(): void;
  /** While nobody asks for more, nats-server 2.9 then gives one message twice and another only after the ack wait. */
  giveBack(): void;
}

export function answersTo(message: Msg): Answers {
  return {
    ack: () => void message.respond('+ACK'),
    retryAfter: (delayMs) =>
      void message.respond(`-NAK ${JSON.stringify({ delay: nanos(Math.max(1, Math.round(delayMs))) })}`),
    stillWorking: () => void message.respond('+WPI'),
    giveBack: () => void message.respond('-NAK'),
  };
}

/** What a consumer gets of a message, but for the answers. */
export function delivered(message: Msg): Omit<Incoming, 'ack' | 'retryAfter'> {
  const { stream, sequence, deliveries } = numbersOf(message.reply ?? '');
  return { ...passing(message), position: `${stream} ${sequence}`, deliveries };
}

/** What is seen of a message that is not delivered to anybody. */
export function passing(message: Msg): Passing {
  return {
    subject: message.subject,
    attributes: fromHeaders((name) => message.headers?.get(name) || undefined),
    payload: Buffer.from(message.data),
  };
}

/**
 * JetStream writes a delivery's numbers into its reply subject:
 * `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>..`, newer servers with domain and account before the stream.
 */
function numbersOf(reply: string): { stream: string; sequence: number; deliveries: number } {
  const tokens = reply.split('.');
  const at = tokens.length >= 11 ? 4 : 2;
  const [stream = '', , deliveries, sequence] = tokens.slice(at);
  return { stream, sequence: Number(sequence), deliveries: Number(deliveries) };
}
