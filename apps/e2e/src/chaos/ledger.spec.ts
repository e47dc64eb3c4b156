import { auditLedger, type Ledger, type Outside } from './ledger';

const whole: Ledger = {
  intake: [
    { id: 'hook-1', service: 'alert-relay', isHandled: true, isDead: false },
    { id: 'hook-2', service: 'alert-relay', isHandled: true, isDead: true },
  ],
  outbox: [
    { id: 'event-1', service: 'alert-relay', subject: 'alert.raised', isPublished: true, causeId: 'hook-1' },
    { id: 'event-2', service: 'notifier', subject: 'owner.response', isPublished: true, causeId: 'event-1' },
  ],
  inbox: [{ consumer: 'notifier.show-alert', eventId: 'event-1' }],
  letters: [
    { id: 'letter-1', consumer: 'hook.generic', eventId: 'hook-2' },
    { id: 'letter-2', consumer: 'registry.apply-answer', eventId: 'event-2' },
  ],
  toldLetters: ['letter-1', 'letter-2'],
  consumers: new Map([
    ['notifier.show-alert', 'alert.raised'],
    ['registry.apply-answer', 'owner.response'],
  ]),
  notifications: [{ id: '1', chatId: 7, text: 'It is late\nonce', isEdit: false, state: 'sent', messageId: 10 }],
};
const seen: Outside = { accepted: ['hook-1', 'hook-2'], messages: [{ chatId: 7, id: 10, text: 'It is late\ntwice' }] };

describe('the audit of all ledgers', () => {
  it('finds nothing where everything has come to its end', () => {
    expect(auditLedger(whole, seen)).toEqual({ orphans: [], pending: [] });
  });

  it.each<[string, Partial<Ledger>, string[]]>([
    [
      'an accepted webhook',
      { intake: whole.intake.slice(1) },
      ['webhook hook-1 was accepted and is in no intake', 'alert.raised event-1 follows from hook-1, which nobody has'],
    ],
    [
      'an event',
      { outbox: whole.outbox.slice(1) },
      [
        'owner.response event-2 follows from event-1, which nobody has',
        'notifier.show-alert has handled event-1, which is in no outbox',
      ],
    ],
    ['an effect', { inbox: [] }, ['alert.raised event-1 was published and notifier.show-alert has not handled it']],
    [
      'a dead letter of a webhook',
      { letters: whole.letters.slice(1) },
      [
        'webhook hook-2 was given up by alert-relay and is no dead letter',
        'dead letter letter-1 was told of and is gone',
      ],
    ],
    [
      'a dead letter of an event',
      { letters: whole.letters.slice(0, 1) },
      [
        'owner.response event-2 was published and registry.apply-answer has not handled it',
        'dead letter letter-2 was told of and is gone',
      ].reverse(),
    ],
    ['a notification', { notifications: [] }, ['a message in 7 is of no notification: It is late']],
  ])('names %s that is gone', (_what, change, found) => {
    expect([...auditLedger({ ...whole, ...change }, seen).orphans].sort()).toEqual([...found].sort());
  });

  it('names a message that never came, though it is said to be sent', () => {
    expect(auditLedger(whole, { ...seen, messages: [] }).orphans).toEqual([
      'message 1 is said to be sent and is not in 7',
    ]);
  });

  it('tells what is on its way from what is lost', () => {
    const onTheirWay: Ledger = {
      ...whole,
      intake: [{ id: 'hook-1', service: 'alert-relay', isHandled: false, isDead: false }],
      outbox: [{ ...whole.outbox[0]!, isPublished: false }],
      ...{ inbox: [], letters: [], toldLetters: [] },
      notifications: [{ ...whole.notifications[0]!, state: 'sending', messageId: null }],
    };
    expect(auditLedger(onTheirWay, { accepted: ['hook-1'], messages: [] })).toEqual({
      orphans: [],
      pending: ['webhook hook-1 of alert-relay', 'alert.raised event-1', 'message 1 to 7'],
    });
  });
});
