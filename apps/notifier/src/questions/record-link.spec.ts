import { isLinkPreview, isPublicAddress, recordLinkOf } from './record-link';

const linkCode = 'AAAAAAAAAAAAAAAAAAAAAA';

describe('the link under a question', () => {
  it('leads through this service where people can reach it, and is measured there', () => {
    expect(recordLinkOf({ url: 'https://example.org/a#b', linkCode }, 'https://recert.example.org')).toEqual({
      url: `https://recert.example.org/r/${linkCode}`,
      measured: true,
    });
  });

  it('leads to the record itself where the service is private', () => {
    for (const publicUrl of [null, 'http://localhost:3000', 'http://192.168.1.4:3000']) {
      expect(recordLinkOf({ url: 'https://example.org/a#b', linkCode }, publicUrl)).toEqual({
        url: 'https://example.org/a#b',
        measured: false,
      });
    }
  });

  it('is none where a phone could open nothing', () => {
    expect(recordLinkOf({ url: null, linkCode }, 'https://recert.example.org')).toBeNull();
    expect(recordLinkOf({ url: 'javascript:alert(1)', linkCode }, 'https://recert.example.org')).toBeNull();
    expect(recordLinkOf({ url: 'file:///etc/passwd', linkCode }, null)).toBeNull();
    expect(recordLinkOf({ url: 'http://localhost/a', linkCode }, null)).toBeNull();
  });
});

describe('a public address', () => {
  it.each([
    'https://example.org',
    'http://8.8.8.8/x',
    'http://[2a00:1450::1]/',
    'http://172.15.0.1',
    'http://172.32.0.1',
  ])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    'http://localhost:3000',
    'http://recert',
    'http://recert.local',
    'http://a.localhost.',
    'http://127.0.0.1',
    'http://0x7f000001',
    'http://10.1.2.3',
    'http://172.16.0.1',
    'http://172.31.255.255',
    'http://192.168.0.1',
    'http://169.254.169.254',
    'http://100.64.0.1',
    'http://0.0.0.0',
    'http://[::1]',
    'http://[fd00::1]',
    'http://[fe80::1]',
    'ftp://example.org',
    'nonsense',
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('a preview', () => {
  it('is what programs fetch, and not what people open', () => {
    expect(isLinkPreview('HEAD', 'Mozilla/5.0')).toBe(true);
    expect(isLinkPreview('GET', 'TelegramBot (like TwitterBot)')).toBe(true);
    expect(isLinkPreview('GET', 'WhatsApp/2.23')).toBe(true);
    expect(isLinkPreview('GET', 'Mozilla/5.0 (Linux; Android 11; CUBOT X50)')).toBe(false);
    expect(isLinkPreview('GET', undefined)).toBe(false);
  });
});
