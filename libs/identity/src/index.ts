export * from './identity.module';
export * from './migrations';
export * from './sessions/known-sessions';
export * from './tokens/known-tokens';
export { type KnownToken } from './tokens/token.repository';
