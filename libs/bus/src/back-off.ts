/** 1 s, 2 s, 4 s .. up to 5 min, each with up to a fifth of chance so that failures do not march in step. */
export function backOffMs(attempt: number, chance: number = Math.random()): number {
  const base = Math.min(1000 * 2 ** Math.max(0, attempt - 1), 300_000);
  return Math.round(base * (1 + 0.2 * chance));
}

/** Deliveries after which an event that keeps failing becomes a dead letter: a little over 20 minutes of trying. */
export const MAX_DELIVERIES = 10;
/** An event that a handler keeps putting off is a dead letter after this many deliveries. */
export const MAX_POSTPONEMENTS = 100;

/**
 * Whether an error says that the database or the network is away. Such a failure is not the event's fault: it is
 * tried again without end. Codes: SQLSTATE classes 08 (connection), 53 (resources), 57P (shutdown), 40 (conflict).
 */
export function isOperational(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && /^(08|53|57P|40)|^E(CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN)/.test(code)) return true;
  const message = error instanceof Error ? error.message : '';
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Driver not Connected/.test(
    message,
  );
}
