import {
  allEvents,
  LetterWanted,
  LoginOffered,
  ProcessDue,
  RunProgressed,
  SessionChanged,
  TokenChanged,
  TokenUsed,
} from '@recert/contracts';
import { shownChange } from './shown-change';

const AT = '2026-11-22T09:00:00.000Z';
const bytes = (data: unknown): Buffer => Buffer.from(JSON.stringify(data));
const isOfBus = ({ subject }: { subject: string }): boolean => subject.startsWith('bus.');
const hidden = [
  ...[LetterWanted, LoginOffered, RunProgressed, SessionChanged, TokenChanged, TokenUsed],
  ...allEvents.filter(isOfBus),
].map((event) => event.subject);

describe('what a browser is told of an event', () => {
  it.each(allEvents.filter(({ subject }) => !hidden.includes(subject)).map((event) => [event.subject, event] as const))(
    '%s is its subject, its id and its time, and no more',
    (subject, { example }) => {
      const shown = shownChange(subject, AT, bytes(example));
      expect(shown).toEqual({ subject, id: expect.any(String) as string, at: AT });
      expect(Object.values(example as object)).toContain(shown?.id);
    },
  );

  it.each([...hidden, 'task.unknown', 'process.unknown'])('%s is not shown at all', (subject) => {
    const example = allEvents.find((event) => event.subject === subject)?.example ?? { processId: 'p' };
    expect(shownChange(subject, AT, bytes(example))).toBeNull();
  });

  it.each([
    ['no JSON', Buffer.from('{"processId"')],
    ['null', bytes(null)],
    ['no object', bytes([1])],
    ['an id that is no text', bytes({ processId: 7 })],
    ['no id', bytes({})],
    ['an empty id', bytes({ processId: '' })],
    ['an id of 201 characters', bytes({ processId: 'p'.repeat(201) })],
  ])('a message with %s is not shown', (_, payload) => {
    expect(shownChange(ProcessDue.subject, AT, payload)).toBeNull();
  });

  it('an id of 200 characters is shown', () => {
    expect(shownChange(ProcessDue.subject, AT, bytes({ processId: 'p'.repeat(200) }))?.id).toHaveLength(200);
  });

  it.each([undefined, 'yesterday'])('a message of the time %s is not shown', (time) => {
    expect(shownChange(ProcessDue.subject, time, bytes(ProcessDue.example))).toBeNull();
  });
});
