import { ConfigError } from '@recert/service-kit';
import { notifierConfig } from './config';

const TOKEN = '7000000001:AAF-abcdefghijklmnopqrstuvwxyz_12345';

describe('the configuration of the notifier', () => {
  it('needs nothing', () => {
    expect(notifierConfig.parse({})).toEqual({
      TELEGRAM_API_ROOT: 'https://api.telegram.org',
      ASK_HOURS: { weekdays: [1, 2, 3, 4, 5], from: 540, to: 1020 },
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
  ])('refuses %s=%s, names it and gives an example, but never the value of a token', (name, value) => {
    const parse = () => notifierConfig.parse({ [name]: value });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(new RegExp(`${name} is malformed .*(e\\.g\\.|123456789:)`));
    if (name === 'TELEGRAM_BOT_TOKEN') expect(parse).not.toThrow(value);
  });
});
