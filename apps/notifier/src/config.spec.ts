import { ConfigError } from '@recert/service-kit';
import { notifierConfig } from './config';

const TOKEN = '7000000001:AAF-abcdefghijklmnopqrstuvwxyz_12345';

describe('the configuration of the notifier', () => {
  it('needs nothing', () => {
    expect(notifierConfig.parse({})).toEqual({
      TELEGRAM_API_ROOT: 'https://api.telegram.org',
      ASK_HOURS: { weekdays: [1, 2, 3, 4, 5], from: 540, to: 1020 },
      FALLBACK_AFTER: 5 * 60_000,
      ALIVE_AT: { weekday: 1, hour: 9, minute: 0 },
      HEARTBEAT_EVERY: 60_000,
      HEARTBEAT_METHOD: 'GET',
    });
  });

  it('puts the path of the hook behind a bare address, and leaves another path alone', () => {
    const url = (text: string) => notifierConfig.parse({ TELEGRAM_WEBHOOK_URL: text }).TELEGRAM_WEBHOOK_URL;
    expect(url('https://recert.example.org/')).toBe('https://recert.example.org/hooks/telegram');
    expect(url('https://example.org/recert/hooks/telegram')).toBe('https://example.org/recert/hooks/telegram');
  });

  it.each([
    ['TELEGRAM_BOT_TOKEN', 'AAF-without-a-number'],
    ['TELEGRAM_BOT_TOKEN', `${TOKEN} `],
    ['TELEGRAM_API_ROOT', 'api.telegram.org'],
    ['TELEGRAM_WEBHOOK_URL', 'recert.example.org'],
    ['ASK_HOURS', 'whenever'],
    ['FALLBACK_AFTER', '300'],
    ['NTFY_URL', 'https://ntfy.sh/'],
    ['NTFY_URL', 'https://ntfy.sh/a/b'],
    ['NTFY_URL', 'https://user:password@ntfy.sh/a'],
    ['HEARTBEAT_URL', 'https://user:password@example.org/a'],
    ['SMTP_URL', 'mail.example.org'],
    ['FALLBACK_MAIL_FROM', 'recert'],
    ['FALLBACK_MAIL_TO', 'ops@example.org, nobody'],
    ['ALIVE_AT', 'monday'],
    ['HEARTBEAT_URL', 'hc-ping.com/x'],
    ['HEARTBEAT_EVERY', 'often'],
    ['HEARTBEAT_METHOD', 'PUT'],
  ])('refuses %s=%s, names it and gives an example, but never the value of a token', (name, value) => {
    const parse = () => notifierConfig.parse({ [name]: value });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(new RegExp(`${name} is malformed .*(e\\.g\\.|123456789:|GET)`));
    if (name === 'TELEGRAM_BOT_TOKEN') expect(parse).not.toThrow(value);
  });

  it('takes no "I am alive" and several readers of mails', () => {
    const mail = { SMTP_URL: 'smtp://127.0.0.1:25', FALLBACK_MAIL_FROM: 'a@b.c', FALLBACK_MAIL_TO: 'd@e.f, g@h.i' };
    expect(notifierConfig.parse({ ALIVE_AT: 'off', ...mail })).toMatchObject({
      ALIVE_AT: null,
      FALLBACK_MAIL_TO: ['d@e.f', 'g@h.i'],
    });
  });

  it.each([
    [{ NTFY_TOKEN: 'tk_a-word' }, 'NTFY_URL is missing, which NTFY_TOKEN needs'],
    [
      { SMTP_URL: 'smtp://u:secret@h', FALLBACK_MAIL_FROM: 'a@b.c' },
      'FALLBACK_MAIL_TO is missing, which SMTP_URL needs',
    ],
    [
      { SMTP_URL: 'smtp://u:secret@h', FALLBACK_MAIL_TO: 'a@b.c' },
      'FALLBACK_MAIL_FROM is missing, which SMTP_URL needs',
    ],
    [{ FALLBACK_MAIL_TO: 'a@b.c' }, 'SMTP_URL is missing, which FALLBACK_MAIL_TO needs'],
  ])('refuses half of a fallback, names the other half, and no secret: %j', (given, complaint) => {
    const parse = () => notifierConfig.parse(given);
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(complaint);
    expect(parse).not.toThrow(/u:secret|tk_a-word/);
  });
});
