import { askedText, outcomeText } from './replay';

describe('what is said of a replay', () => {
  it('is what became of it, or that nobody knows yet', () => {
    expect(outcomeText({ state: 'replayed', replayed: true, reason: null })).toBe('It is handled now.');
    expect(outcomeText({ state: 'failed', replayed: false, reason: 'no such process' })).toBe(
      'It is still not handled: no such process',
    );
    expect(outcomeText({ state: 'asked', replayed: false, reason: 'look again' })).toBe('It is asked for: look again');
  });

  it('is how many are under way, and whether there are more', () => {
    expect(askedText({ asked: 0, more: false })).toBe('There was none to handle.');
    expect(askedText({ asked: 1, more: false })).toBe('1 is being handled again.');
    expect(askedText({ asked: 500, more: true })).toBe('500 are being handled again; there are more: press once more.');
  });
});
