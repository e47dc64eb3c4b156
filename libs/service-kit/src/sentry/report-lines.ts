import { levels, type LevelWithSilent, type Logger, type LoggerOptions } from 'pino';
import { type ErrorReports } from './error-reports';

const ERROR = levels.values['error']!;

/**
 * Options of the log with which every line of an error or worse is also reported: `err` is what was thrown. How much is
 * written down changes nothing of it.
 */
export function reportLines(
  reports: Pick<ErrorReports, 'report'>,
  level: LevelWithSilent,
): Pick<LoggerOptions, 'level' | 'hooks'> {
  const least = level === 'silent' ? Infinity : levels.values[level]!;
  return {
    // A line that the log leaves out by itself would not come to the hook.
    level: least > ERROR ? 'error' : level,
    hooks: {
      logMethod(this: Logger, line, method, at) {
        if (at >= ERROR) reports.report(reportOf(line));
        if (at >= least) method.apply(this, line);
      },
    },
  };
}

/** @param line as it was handed to the log: fields and a message, or either */
function reportOf(line: readonly unknown[]): Parameters<ErrorReports['report']>[0] {
  const [first, second] = line;
  if (typeof first === 'string') return { message: first, fields: {} };
  if (first instanceof Error) return { error: first, message: text(second) ?? first.message, fields: {} };
  const fields = (first ?? {}) as Record<string, unknown>;
  const { err, error } = fields;
  const message = text(second) ?? text(fields['msg']) ?? 'something went wrong';
  if (err !== undefined) return { error: err, message, fields };
  return { message: typeof error === 'string' ? `${message}: ${error}` : message, fields };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
