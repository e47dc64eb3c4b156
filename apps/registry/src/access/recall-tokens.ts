import { recalling, type Recalling, type ServiceDatabase } from '@recert/bus';
import { TokenChanged } from '@recert/contracts';
import { TokenRepository } from './token.repository';

/** Tokens that were made or revoked between the backup and its restore: whoever holds one goes on with it, or does not. */
export function recallTokens(database: ServiceDatabase): Recalling[] {
  const tokens = new TokenRepository(database);
  return [
    recalling(TokenChanged, async ({ tokenId: id, name, scopes, product, hash, active }, { tx, attributes }) => {
      const at = new Date(attributes.time);
      const revokedAt = active ? null : at;
      await tokens.put(tx, {
        ...{ id, name, scopes, product, createdAt: at, revokedAt },
        hash: Buffer.from(hash, 'hex'),
      });
    }),
  ];
}
