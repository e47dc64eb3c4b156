export * from './hook';
export * from './migrations';
export * from './tokens/known-tokens';
export * from './tokens/known-tokens.module';
export { type KnownToken } from './tokens/token.repository';
export * from './intake';
export * from './intake.module';
