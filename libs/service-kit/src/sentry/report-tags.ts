import { serviceOf } from '@recert/bus';

/** The fields of a line that say where it was: names of the program, and ids of events. No others leave. */
const TAGS = ['durable', 'subject', 'correlationId', 'hook', 'timer', 'method', 'route', 'context'] as const;
/** Beyond it a message speaks of the one thing that it is about. */
const BEGINNING = /^.{12,}?(?=: )/;
const LONGEST = 120;
const FRAME = /^\s+at .*?\(?((?:\/|file:|node:|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/;

/** @param name of the process, which is that of its service unless it has several */
export function tagsOf(name: string, fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const tags: Record<string, string> = { service: serviceIn(fields) ?? name };
  for (const tag of TAGS) {
    const value = fields[tag];
    if (typeof value === 'string' && value !== '') tags[tag] = value;
  }
  return tags;
}

/**
 * By what a report is known again, here and in Sentry, where it is one issue: where it happened, and nothing that an event
 * or a request may vary.
 */
export function whatOf(tags: Readonly<Record<string, string>>, message: string, error?: unknown): string {
  const where = tags['durable'] ?? tags['hook'] ?? tags['timer'] ?? tags['route'] ?? tags['context'] ?? '';
  const name = error instanceof Error ? error.name : '';
  const place = (error instanceof Error ? placeOf(error.stack ?? '') : null) ?? '';
  return [tags['service'], where, beginningOf(message), name, place].filter((part) => part !== '').join(' | ');
}

/** The first place of our own in a stack; that of a library where there is none of ours. */
export function placeOf(stack: string): string | null {
  const places = stack.split('\n').flatMap((line) => {
    const [, file, at] = FRAME.exec(line) ?? [];
    return file === undefined ? [] : [`${file.replace(/^.*?\/(?=(?:apps|libs|node_modules|dist)\/)/, '')}:${at}`];
  });
  return places.find((place) => !/(^|\/)node_modules\/|^node:/.test(place)) ?? places[0] ?? null;
}

function beginningOf(message: string): string {
  const beginning = BEGINNING.exec(message)?.[0] ?? message;
  return beginning.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|"[^"]*"|-?\d+/gi, '#').slice(0, LONGEST);
}

function serviceIn({ service, durable, timer }: Readonly<Record<string, unknown>>): string | null {
  if (typeof service === 'string') return service;
  const owned = [durable, timer].find((each): each is string => typeof each === 'string' && each.includes('.'));
  return owned === undefined ? null : serviceOf(owned);
}
