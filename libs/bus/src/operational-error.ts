/** SQLSTATE classes: 08 connection, 28 refused, 40 conflict, 53 resources, 57P shutdown, 58 the server's disk. */
const SQLSTATE = /^(08|28|40|53|57P|58)|^(55P03|25006|25P03|25P04)$/;
const SYSTEM =
  /^(E(CONN\w+|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|NETRESET)|ENOSPC|EMFILE)$/;
const MESSAGE =
  /Connection terminated|Connection ended|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout|Driver not Connected|Cannot use a pool after calling end|cached plan must not change result type/;

/**
 * Whether an error says that the database or the network is away, that two transactions were in each other's way, or
 * that a migration came between them.
 * Such a failure is not the event's fault: it is tried again without end.
 */
export function isOperational(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < 5 && typeof cause === 'object' && cause !== null; depth += 1) {
    const { name, message, code, syscall, cause: inner } = cause as Record<string, unknown>;
    if (name === 'OperationalError' || (typeof message === 'string' && MESSAGE.test(message))) return true;
    if (typeof code === 'string' && (SQLSTATE.test(code) || SYSTEM.test(code))) return true;
    // The socket of a server on the same machine goes with the server.
    if (code === 'ENOENT' && syscall === 'connect') return true;
    cause = inner;
  }
  return false;
}
