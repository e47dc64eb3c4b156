import { redact } from './redact';

const UUID = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d30';

describe('a text that is redacted', () => {
  it.each([
    ['a token of Telegram in a url', 'GET https://api.telegram.org/bot700001:AAF-x_y/getMe', /AAF|700001/],
    ['a token of Telegram by itself', 'the token 7000012:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw', /AAHd|7000012/],
    ['a token of ours', 'sent recert_0a1b2c3d4e5f_QxZ-91 twice', /QxZ|0a1b2c/],
    ['a header with a token', 'authorization: Bearer abc.def-123', /abc|def/],
    ['a user and a password in a url', 'connect postgres://anna:hunter2@db:5432/recert', /anna|hunter2/],
    ['the query of a url', 'fetch https://hooks.example.org/x?email=a&key=k failed', /email|key=/],
    ['the query of a path', 'GET /api/people?search=anna', /search|anna/],
    ['the code of a login link', 'opened /login#c3RvbGVu', /c3Rv/],
    ['an e-mail address', 'cannot invite anna.muster+x@example.org.', /anna|muster/],
    ['a name of Telegram', 'no chat with @anna_muster here', /anna/],
    ['a chat id', 'chat 4711 is gone', /4711/],
    ['a group', 'chat_id: -1001234567890', /100123/],
    ['a long number', 'no message to 66665555', /66665555/],
    ['an address of the outside', 'from 203.0.113.7 and 2001:db8:0:1:1:1:1:1', /203\.|db8/],
    ['random bytes', `/r/dQw4w9WgXcQ_dQw4w9WgXc and ${'ab12'.repeat(16)}`, /dQw4|ab12/],
  ])('has lost %s', (_, text, personal) => {
    expect(redact(text, [])).not.toMatch(personal);
  });

  it.each([
    ['ids of events', `event ${UUID} of registry.open-review-when-process-is-due`],
    ['addresses of our own', 'connect ECONNREFUSED 10.0.0.3:5432'],
    ['what is said of code', "Cannot find module '@recert/bus' in InternalServerErrorException at 12:34:56"],
    ['small numbers', 'it took 1500 ms and 12 attempts, 409 Conflict'],
  ])('still has %s', (_, text) => {
    expect(redact(text, [])).toBe(text);
  });

  it('has lost the values of secrets, wherever they stand', () => {
    expect(redact('a s3cr3t-value b s3cr3t-value/c', ['s3cr3t-value'])).toBe('a [secret] b [secret]/c');
  });
});
