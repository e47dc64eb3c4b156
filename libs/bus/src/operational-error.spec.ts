import { isOperational } from './operational-error';

const withCode = (code: string): Error => Object.assign(new Error('failed'), { code });

describe('an error that says that something is away', () => {
  it.each([
    ['a lost connection', withCode('08006')],
    ['a server that shuts down', withCode('57P01')],
    ['a server that starts up', withCode('57P03')],
    ['too many connections', withCode('53300')],
    ['a full disk', withCode('53100')],
    ['a deadlock', withCode('40P01')],
    ['a serialization failure', withCode('40001')],
    ['a lock that did not come', withCode('55P03')],
    ['a standby that was promoted away', withCode('25006')],
    ['a refused connection', withCode('ECONNREFUSED')],
    ['a reset connection', withCode('ECONNRESET')],
    ['an unknown host', withCode('EAI_AGAIN')],
    ['a network that is away', withCode('ENETUNREACH')],
    ['what pg says of a broken connection', new Error('Connection terminated unexpectedly')],
    ['what pg says of a full pool', new Error('timeout exceeded when trying to connect')],
    ['what TypeORM says of a closed data source', new Error('Driver not Connected')],
    ['a plan that a migration has outdated', new Error('cached plan must not change result type')],
    ['an error of its own name', Object.assign(new Error('x'), { name: 'OperationalError' })],
    ['the cause of another one', new Error('outer', { cause: new Error('inner', { cause: withCode('08003') }) })],
    ['a plain object of another realm', { code: 'EPIPE' }],
    ['a socket that is not there', Object.assign(withCode('ENOENT'), { syscall: 'connect' })],
  ])('is %s', (_, error) => {
    expect(isOperational(error)).toBe(true);
  });

  it.each([
    ['a defect', new TypeError('x is not a function')],
    ['a violated constraint', withCode('23505')],
    ['a text with a NUL', withCode('22021')],
    ['a statement that took too long', withCode('57014')],
    ['a table that is not there', withCode('42P01')],
    ['a text that speaks of a code', new Error('ECONNREFUSED')],
    ['a code that only begins so', withCode('EPIPELINE')],
    ['a file that is not there', Object.assign(withCode('ENOENT'), { syscall: 'open' })],
    ['nothing', undefined],
    ['null', null],
    ['a string', 'ECONNREFUSED'],
  ])('is not %s', (_, error) => {
    expect(isOperational(error)).toBe(false);
  });

  it('is found also where the causes go round in a circle', () => {
    const error = new Error('x');
    error.cause = error;
    expect(isOperational(error)).toBe(false);
  });
});
