import { addressOf, readAddress, urlOf } from './bus-address';

const home = 'postgres://recert:secret@db:5432/recert';

describe('the address of a transport', () => {
  it.each([
    ['nats://127.0.0.1', 'nats://127.0.0.1:4222'],
    ['nats://user:secret@N:4333/?x=1', 'nats://n:4333'],
    ['tls://n', 'tls://n:4222'],
    ['postgresql://u:secret@db/recert', 'postgres://db:5432/recert'],
    ['postgres://u:secret@[::1]:6000/a?sslmode=require', 'postgres://[::1]:6000/a'],
    ['postgres://u:secret@localhost/recert?host=%2Frun%2Fpg', 'postgres://localhost:5432/recert?host=%2Frun%2Fpg'],
  ])('of %s is %s, without user and password', (url, address) => {
    expect(addressOf(url)).toBe(address);
    expect(addressOf(address)).toBe(address);
  });

  it.each(['', 'db', 'redis://n', 'nats://', 'http://n:4222'])('is none in "%s"', (text) => {
    expect(() => addressOf(text)).toThrow('an address looks like');
    expect(readAddress(text, { home })).toMatchObject({ ok: false });
  });

  describe('that somebody writes', () => {
    const known = { home, database: home, others: ['nats://u:secret@n:4222'] };

    it.each([
      ['nats://n', 'nats://n:4222'],
      ['nats', 'nats://n:4222'],
      ['postgres', 'postgres://db:5432/recert'],
      ['postgres://db', 'postgres://db:5432/recert'],
      ['postgres://elsewhere/x', 'postgres://elsewhere:5432/x'],
    ])('%s means %s', (text, address) => {
      expect(readAddress(text, known)).toEqual({ ok: true, address });
    });

    it.each([
      ['nats://u:secret@n', 'write the address without user and password'],
      ['nats://u@n', 'write the address without user and password'],
      ['tls', 'no tls:// url is known here'],
    ])('%s is refused: %s', (text, reason) => {
      const read = readAddress(text, known);
      expect(read).toMatchObject({ ok: false, reason: expect.stringContaining(reason) as string });
      expect(JSON.stringify(read)).not.toContain('secret');
    });

    it('is refused where one word means two', () => {
      expect(readAddress('nats', { home, others: ['nats://a', 'nats://b'] })).toMatchObject({ ok: false });
    });
  });

  describe('is reached', () => {
    it('with the user and password that this process has for it', () => {
      expect(urlOf('nats://n:4222', { home, others: ['nats://u:secret@n'] })).toEqual({
        ok: true,
        url: 'nats://u:secret@n',
      });
      expect(urlOf('postgres://db:5432/recert', { home: 'nats://n', database: home })).toEqual({ ok: true, url: home });
    });

    it('without any, where nothing is listed and it is one of NATS', () => {
      expect(urlOf('nats://x:4222', { home })).toEqual({ ok: true, url: 'nats://x:4222' });
      expect(urlOf('nats://x:4222', { home, others: ['nats://n'] })).toMatchObject({ ok: false });
      expect(urlOf('postgres://x:5432/y', { home })).toMatchObject({ ok: false });
    });
  });
});
