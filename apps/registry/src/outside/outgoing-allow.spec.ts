import { type OutgoingAllow, parseOutgoingAllow, whyNotReached } from './outgoing-allow';
import { whyNotOutside } from './post-outside';

const allow = (...entries: string[]): OutgoingAllow => {
  const parsed = parseOutgoingAllow(entries);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
};
const nothing = allow();

/** Each network at its first address, its last one, and the ones just beside it where those are public. */
const closed = [
  ...['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255'],
  ...['127.0.0.1', '127.255.255.255', '169.254.0.0', '169.254.169.254', '169.254.170.2', '169.254.255.255'],
  ...['172.16.0.0', '172.31.255.255', '192.0.0.0', '192.0.0.192', '192.0.0.255', '192.0.2.1', '192.31.196.1'],
  ...['192.52.193.1', '192.88.99.0', '192.88.99.255', '192.168.0.0', '192.168.255.255', '192.175.48.1'],
  ...['198.18.0.0', '198.19.255.255', '198.51.100.7', '203.0.113.7', '224.0.0.0', '239.255.255.255'],
  ...['240.0.0.0', '255.255.255.254', '255.255.255.255'],
  ...['::', '::1', '::7f00:1', '::10.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:8.8.8.8'],
  ...['::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::10.0.0.1', '64:ff9b:1::1', '100::1', '1000::1'],
  ...['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:2::1', '2001:3::1', '2001:4:112::1', '2001:10::1'],
  ...['2001:20::1', '2001:30::1', '2001:db8::1', '2002:7f00:1::1', '2002:a00:1::', '2620:4f:8000::1', '3fff::1'],
  ...['4000::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fdff:ffff::1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  ...['fec0::1', 'ff02::1', 'ff0e::1'],
];
const open = [
  ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
  ...['128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255'],
  ...['192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '2606:4700::1111', '2a00:1450:4001::1'],
  ...['2001:4860:4860::8888', '2003::1', '2400:cb00::1'],
];

describe('an address', () => {
  it.each(closed)('%s is not reached', (address) => {
    expect(whyNotReached('receiver.example', ['8.8.8.8', address], nothing)).toContain(address);
  });

  it.each(open)('%s is reached', (address) => {
    expect(whyNotReached('receiver.example', [address], nothing)).toBeNull();
  });

  it('is named with the way to allow it', () => {
    expect(whyNotReached('n8n.internal', ['10.1.2.3'], nothing)).toBe(
      'n8n.internal is 10.1.2.3, which is not public (private): allow it with OUTGOING_ALLOW=n8n.internal or OUTGOING_ALLOW=10.1.2.3',
    );
    expect(whyNotReached('127.0.0.1', ['127.0.0.1'], nothing)).toBe(
      '127.0.0.1 is not public (loopback): allow it with OUTGOING_ALLOW=127.0.0.1',
    );
  });

  it('must be one', () => {
    expect(whyNotReached('receiver.example', [], nothing)).toMatch('has no address');
    for (const text of ['', '127.1', '0x7f.1', '2130706433', 'receiver.example'])
      expect(whyNotReached('receiver.example', [text], nothing)).toMatch('is not public (no address)');
  });
});

describe('what is allowed', () => {
  it('is a network to its last address and not further', () => {
    const allowed = allow('10.1.0.0/16', 'fd00::/8');
    for (const address of ['10.1.0.0', '10.1.255.255', '::ffff:10.1.2.3', 'fd12::1', '8.8.8.8'])
      expect(whyNotReached('n8n.internal', [address], allowed)).toBeNull();
    for (const address of ['10.0.255.255', '10.2.0.0', 'fc00::1', '127.0.0.1'])
      expect(whyNotReached('n8n.internal', [address], allowed)).not.toBeNull();
    expect(whyNotReached('n8n.internal', ['10.1.0.1', '10.2.0.1'], allowed)).toContain('10.2.0.1');
  });

  it('is a single address', () => {
    expect(whyNotReached('10.1.2.3', ['10.1.2.3'], allow('10.1.2.3'))).toBeNull();
    expect(whyNotReached('10.1.2.4', ['10.1.2.4'], allow('10.1.2.3'))).not.toBeNull();
    expect(whyNotReached('[::1]', ['::1'], allow('[::1]'))).toBeNull();
  });

  it('is a name wherever it leads to, however it is written, and no name below it', () => {
    const allowed = allow('N8N.internal.');
    for (const name of ['n8n.internal', 'n8n.internal.', 'N8N.INTERNAL'])
      expect(whyNotReached(name, ['10.1.2.3'], allowed)).toBeNull();
    for (const name of ['a.n8n.internal', 'n8n.internal.example', 'internal'])
      expect(whyNotReached(name, ['10.1.2.3'], allowed)).not.toBeNull();
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0.256',
    '10.1',
    'https://n8n.internal',
    '*.internal',
    'n8n.internal:5678',
    'a b',
    '-',
    '',
  ])('is not "%s"', (entry) => {
    expect(parseOutgoingAllow(['10.0.0.0/8', entry])).toBe(
      `"${entry}" is neither a network such as 10.0.0.0/8 nor a host name such as n8n.internal`,
    );
  });
});

describe('a url', () => {
  const names: Readonly<Record<string, string>> = {
    localhost: '127.0.0.1',
    'inner.example': 'fd00::1',
    'good.example': '8.8.8.8',
  };
  const resolve = (host: string) => {
    const address = names[host];
    if (address === undefined) return Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }));
    return Promise.resolve([{ address, family: address.includes(':') ? 6 : 4 }]);
  };
  const why = (url: string): Promise<string | null> => whyNotOutside(url, { allow: nothing, resolve });

  it.each([
    ...['http://127.0.0.1/', 'http://127.1/', 'http://127.0.1/', 'http://2130706433/', 'http://0x7f000001/'],
    ...['http://0x7f.0.0.1/', 'http://0177.0.0.1/', 'http://017700000001/', 'http://0/', 'http://127.0.0.1./'],
    ...['http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[0:0:0:0:0:0:0:1]/'],
    ...[
      'http://①②⑦.⓪.⓪.①/',
      'http://127。0。0。1/',
      'http://%31%32%37.0.0.1/',
      'http://169.254.169.254/latest/meta-data',
    ],
    ...['https://[fd00:ec2::254]/', 'http://[64:ff9b::a9fe:a9fe]/', 'http://[2002:7f00:1::]/', 'http://3232235777/'],
    ...[
      'http://localhost:5432/',
      'http://LOCALHOST/',
      'http://localhost./',
      'http://inner.example/',
      'http://good.example@127.0.0.1/',
    ],
  ])('%s is not sent to', async (url) => {
    expect(await why(url)).toMatch(/is not public \(/);
  });

  it.each([
    ['ftp://good.example/', /only https/],
    ['file:///etc/passwd', /only https/],
    ['gopher://good.example/', /only https/],
    ['http://', /no address/],
    ['http://10.0.0.256/', /no address/],
    ['http://nowhere.example/', /nowhere.example has no address \(ENOTFOUND\)/],
  ])('%s is not sent to either', async (url, reason) => {
    expect(await why(url)).toMatch(reason);
  });

  it.each([
    'https://good.example/hook?key=1',
    'http://good.example:8443/',
    'http://8.8.8.8/',
    'http://[2606:4700::1111]/',
  ])('%s is', async (url) => {
    expect(await why(url)).toBeNull();
  });
});
