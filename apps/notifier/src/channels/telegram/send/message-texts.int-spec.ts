import { startFakeTelegram, type FakeTelegram } from '@recert/testing';
import fc from 'fast-check';
import { Telegraf } from 'telegraf';
import { type ClaimedDelivery } from '../../../messages/delivery';
import { oneLine } from '../../../messages/rich-text';
import { outcomeMessage, questionMessage } from '../../../questions/question-message';
import { question } from '../../../questions/question-examples';
import { outcomes, whySentence } from '../../../questions/sentences';
import { type ButtonData } from '../../../questions/nonce.repository';
import { BotApi } from '../bot-api';
import { tame } from '../telegraf-options';
import { ReachEvidence } from '../reach/reach-evidence';
import { SendMessage } from './send-message';

const CHAT = 1;
const nonce = 'A'.repeat(22);
const buttons: ButtonData = {
  correct: `${nonce}:correct`,
  'needs-update': `${nonce}:needs-update`,
  'not-mine': `${nonce}:not-mine`,
  later: `${nonce}:later`,
};
/** What people call things, and what they would try. */
const nasty = fc.constantFrom(
  '*bold* _italic_ `code` ~~~mermaid',
  '<b>bold</b> <a href="https://evil.example">x</a> &amp; &lt;',
  '[link](https://evil.example) ![x](y) | a | b |',
  '@durov #tag $USD /start evil@example.org https://evil.example',
  '😀👨‍👩‍👧‍👦🏳️‍🌈👍🏽',
  'עברית ‮abc‬ العربية',
  '\uD83D \uDE00 \uFFFF',
  'a\u0000b\nc\u2028d\u0007',
  '𝕬𝖇𝖈'.repeat(3000),
  'x'.repeat(9000),
  '​‌‍',
  '   ',
  '',
);
const name = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  nasty,
);

describe('texts on their way through a strict Bot API', () => {
  let telegram: FakeTelegram;
  let sender: SendMessage;

  beforeAll(async () => {
    telegram = await startFakeTelegram({ limits: false });
    telegram.user({ id: CHAT, firstName: 'Ada' }).send('hello');
    const bot = new Telegraf(telegram.token, { telegram: { apiRoot: `${telegram.url}/` } });
    tame(bot);
    sender = new SendMessage(new BotApi(bot, new ReachEvidence({ now: () => new Date() })));
  });

  afterAll(() => telegram.stop());

  const deliver = async (message: Pick<ClaimedDelivery, 'text' | 'entities' | 'buttons'>): Promise<string> => {
    const nowhere = { runId: null, causeId: null, topicId: null, thread: null, photo: null, isCaption: false };
    const delivery = { id: 1, recipient: null, question: null, attempts: 1, chatId: CHAT, ...nowhere, ...message };
    const id = await sender.send({ ...delivery, kind: 'send', messageId: null });
    return telegram.chat(CHAT).messages.find((one) => one.id === id)!.text;
  };

  it('are taken, whatever records and people are called, and arrive as text', async () => {
    await fc.assert(
      fc.asyncProperty(name, name, name, async (record, section, person) => {
        const asked = question({ name: record, section, owner: person, escalation: 'not-mine' });
        const why = whySentence(asked, (handle) => handle.slice(0, 80), null);
        const message = questionMessage(asked, { why: oneLine(why), certifiedOn: null, buttons, recordLink: null });
        const text = await deliver(message);
        expect(text.length).toBeLessThanOrEqual(4096);
        expect(text).toContain('Review your process description. Do you need to update it?');
        expect(text).toMatch(/R-12$/);
        const shown = oneLine(record);
        if (shown.length > 0 && shown.length < 1000) expect(text.startsWith(shown)).toBe(true);
        await deliver(outcomeMessage(asked, outcomes.certified('2027-11-22', oneLine(person).slice(0, 80))));
      }),
      { numRuns: 300 },
    );
    expect(telegram.calls.filter(({ status }) => status >= 400)).toEqual([]);
  }, 60_000);
});
