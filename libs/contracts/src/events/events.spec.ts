import { allEvents } from './index';

describe('the events of the bus', () => {
  it.each(allEvents.map((event) => [event.subject, event] as const))(
    '%s has an example that its schema takes as it is',
    (_subject, event) => {
      expect(event.schema.parse(event.example)).toEqual(event.example);
    },
  );

  it('have subjects of two words, each once', () => {
    const subjects = allEvents.map((event) => event.subject);
    expect(new Set(subjects).size).toBe(subjects.length);
    for (const subject of subjects) expect(subject).toMatch(/^[a-z]+\.[a-z]+$/);
  });

  it('let a publisher add a field before its consumers know it', () => {
    for (const event of allEvents) {
      expect(event.schema.safeParse({ ...(event.example as object), addedLater: 1 }).success).toBe(true);
    }
  });
});
