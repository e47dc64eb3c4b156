import { type Update } from 'telegraf/types';
import { chatKeyOf } from './update-chat';

const keyOf = (update: object): string => chatKeyOf({ update_id: 1, ...update } as Update);

describe('the queue of an update', () => {
  it('is its chat, for messages and for presses of buttons', () => {
    expect(keyOf({ message: { chat: { id: -100 }, from: { id: 5 } } })).toBe('-100');
    expect(keyOf({ callback_query: { from: { id: 5 }, message: { chat: { id: 7 } } } })).toBe('7');
    expect(keyOf({ my_chat_member: { chat: { id: 9 }, from: { id: 5 } } })).toBe('9');
  });

  it('is the sender where there is no chat', () => {
    expect(keyOf({ callback_query: { id: 'q', from: { id: 5 }, chat_instance: 'x' } })).toBe('5');
  });

  it('is the same for everything else', () => {
    expect(keyOf({})).toBe('none');
    expect(keyOf({ poll: { id: '1' } })).toBe('none');
  });
});
