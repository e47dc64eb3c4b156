import { Webhook } from 'standardwebhooks';
import { messageId, newSecret, signedHeaders } from './sign';

describe('the signature of a message', () => {
  it('is that of the test vector of the scheme', () => {
    const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: new Date(1614265330_000), body: '{"test": 2432232314}' };
    expect(signedHeaders(signed, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is taken by the library of the scheme, and not when a letter is another one', () => {
    const secret = newSecret();
    const signed = { id: messageId('0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d40', '6f1d2a9be04c'), at: new Date() };
    const body = JSON.stringify({ type: 'outside.bill-paid', data: { text: 'für "Ada" 🙂' } });
    const headers = signedHeaders({ ...signed, body }, [secret]);
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(body.replace('Ada', 'Adá'), headers)).toThrow('No matching signature');
    expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow('No matching signature');
    const later = { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) };
    expect(() => new Webhook(secret).verify(body, later)).toThrow('No matching signature');
  });

  it('is known by the old and by the new secret while they change', () => {
    const [now, before] = [newSecret(), newSecret()];
    const headers = signedHeaders({ id: 'm', at: new Date(), body: '{}' }, [now, before]);
    for (const secret of [now, before]) expect(new Webhook(secret).verify('{}', headers)).toEqual({});
    expect(headers['webhook-signature']).toMatch(/^v1,[\w+/]{43}= v1,[\w+/]{43}=$/);
  });

  it('is made with a secret of 24 to 64 bytes, which are a text, never the same', () => {
    const secrets = Array.from({ length: 20 }, newSecret);
    expect(new Set(secrets).size).toBe(20);
    for (const secret of secrets)
      expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64').toString()).toMatch(/^[\w-]{32}$/);
  });
});
