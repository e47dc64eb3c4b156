import { type ErrorEvent, type Exception, type StackFrame } from '@sentry/node';
import { redact } from './redact';

/** Errors in whose message the database or the parser quotes what somebody has sent. */
const QUOTING = /^(?:SyntaxError|QueryFailedError|DatabaseError|error)$/;
/** An apostrophe within a word is no quotation mark. */
const QUOTED = /"([^"]*)"|(?<![\w])'([^']*)'(?![\w])/g;
const IDENTIFIER = /^[a-z0-9_.$-]+$/;
const LONGEST_TEXT = 1_000;
/** What tells of the machine's software, and of nobody. */
const CONTEXTS = ['runtime', 'os'] as const;

/**
 * What may leave for Sentry of an event: what is listed here, with every text redacted. There is neither a request with
 * its url, query, headers, cookies and body, nor a user, nor anything that was added, nor values of variables, nor the
 * name of a machine's folders.
 * @param secrets values that may stand in no text
 */
export function withoutPersonalData(event: ErrorEvent, secrets: readonly string[]): ErrorEvent {
  const clean = (text: string): string => redact(text, secrets).slice(0, LONGEST_TEXT);
  const { event_id, timestamp, level, platform, release, environment, server_name, sdk } = event;
  const { message, exception, tags, fingerprint, breadcrumbs, contexts } = event;
  return {
    type: undefined,
    ...present({ event_id, timestamp, level, platform, release, environment, server_name, sdk }),
    ...present({
      message: message === undefined ? undefined : clean(withoutQuotations(message)),
      exception: exception && { values: (exception.values ?? []).map((each) => cleanException(each, clean)) },
      tags: tags && Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, clean(String(value))])),
      fingerprint: fingerprint?.map(clean),
      breadcrumbs: breadcrumbs?.map(({ timestamp: at, category, message: said = '' }) => ({
        ...present({ timestamp: at, category }),
        message: clean(said),
      })),
      contexts: contexts && Object.fromEntries(CONTEXTS.map((name) => [name, contexts[name]])),
    }),
  };
}

function cleanException({ type, value, mechanism, stacktrace }: Exception, clean: (text: string) => string): Exception {
  const quoting = QUOTING.test(type ?? '');
  const said = value === undefined || !quoting ? value : withoutQuotations(value);
  return present({
    type,
    value: said === undefined ? undefined : clean(said),
    mechanism: mechanism && present({ type: mechanism.type, handled: mechanism.handled }),
    stacktrace: stacktrace && { frames: (stacktrace.frames ?? []).map(cleanFrame) },
  }) as Exception;
}

/** The name of a table or a column may stay. */
function withoutQuotations(text: string): string {
  return text.replace(QUOTED, (all, double: string | undefined, single: string | undefined) =>
    IDENTIFIER.test(double ?? single ?? '') ? all : '"[quoted]"',
  );
}

/** A folder of a machine often bears a person's name: only the path within the program is kept. */
function cleanFrame({ filename, function: name, module, lineno, colno, in_app }: StackFrame): StackFrame {
  const within = filename?.replace(/^.*?(?=\/(?:apps|libs|node_modules|dist)\/)/, 'app://');
  return present({ filename: within, function: name, module, lineno, colno, in_app });
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
