import { type ApiError } from './api-error';
import { readReplyMarkup } from './reply-markup';

const refusal = (markup: unknown, inlineOnly = false): string => {
  try {
    readReplyMarkup(markup, inlineOnly);
  } catch (error) {
    return (error as ApiError).description;
  }
  return 'accepted';
};

const inline = (button: unknown) => ({ inline_keyboard: [[button]] });

describe('the reply markup of a message', () => {
  it('takes callback data of 64 bytes and not of 65, whatever the number of letters', () => {
    expect(refusal(inline({ text: 'x', callback_data: 'x'.repeat(64) }))).toBe('accepted');
    expect(refusal(inline({ text: 'x', callback_data: 'x'.repeat(65) }))).toBe('Bad Request: BUTTON_DATA_INVALID');
    expect(refusal(inline({ text: 'x', callback_data: 'ü'.repeat(32) }))).toBe('accepted');
    expect(refusal(inline({ text: 'x', callback_data: 'ü'.repeat(33) }))).toBe('Bad Request: BUTTON_DATA_INVALID');
  });

  it.each([
    [{ text: 'x' }, 'Text buttons are unallowed in the inline keyboard'],
    [{ text: 'x', callback_data: '' }, 'Text buttons are unallowed in the inline keyboard'],
    [{ callback_data: 'x' }, 'Can\'t find field "text"'],
    [{ text: 7, callback_data: 'x' }, 'Field "text" must be of type String'],
    [{ text: 'x', callback_data: 7 }, 'Field "callback_data" must be of type String'],
    ['x', 'InlineKeyboardButton must be an Object'],
  ])('refuses the button %j', (button, description) => {
    expect(refusal(inline(button))).toBe(`Bad Request: can't parse inline keyboard button: ${description}`);
  });

  it.each(['https://recert.example/r/1', 'http://192.0.2.1:3000/x', 'tg://resolve?domain=x', 'recert.example/r'])(
    'takes the link %s',
    (url) => expect(refusal(inline({ text: 'x', url }))).toBe('accepted'),
  );

  it.each([
    ['http://localhost:3000/r/1', 'Wrong HTTP URL'],
    ['https://registry/r/1', 'Wrong HTTP URL'],
    ['not-a-url', 'Wrong HTTP URL'],
    ['ftp://files.example', 'Unsupported URL protocol'],
  ])('refuses the link %s', (url, why) => {
    expect(refusal(inline({ text: 'x', url }))).toBe(
      `Bad Request: inline keyboard button URL '${url}' is invalid: ${why}`,
    );
  });

  it.each([
    ['x', 'object expected as reply markup'],
    [[], 'object expected as reply markup'],
    [{ inline_keyboard: 'x' }, 'field "inline_keyboard" must be of type Array'],
    [{ inline_keyboard: ['x'] }, 'field "inline_keyboard" must be an Array of Arrays'],
    [{ keyboard: 'x' }, 'field "keyboard" must be of type Array'],
    [{ buttons: [] }, "can't parse reply markup JSON object"],
  ])('refuses %j', (markup, description) => {
    expect(refusal(markup)).toBe(`Bad Request: ${description}`);
  });

  it('is inline for an edit, and may be a reply keyboard for a new message', () => {
    expect(refusal({ keyboard: [[{ text: 'x' }]] })).toBe('accepted');
    expect(refusal({ keyboard: [[{ text: 'x' }]] }, true)).toBe('Bad Request: inline keyboard expected');
  });

  it('is none when it has no button', () => {
    expect(readReplyMarkup({ inline_keyboard: [[]] }, true)).toBeUndefined();
    expect(readReplyMarkup(undefined, true)).toBeUndefined();
  });
});
