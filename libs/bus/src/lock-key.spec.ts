import { lockKey } from './lock-key';

describe('the key of an advisory lock', () => {
  it('is the same for a name in every process, and another for another name', () => {
    expect(lockKey('registry.import')).toBe(lockKey('registry.import'));
    expect(lockKey('registry.import')).not.toBe(lockKey('notifier.leader'));
  });

  it('fits a signed 64-bit integer', () => {
    for (let i = 0; i < 200; i += 1) {
      const key = BigInt(lockKey(`a.${i}`));
      expect(BigInt.asIntN(64, key)).toBe(key);
    }
  });
});
