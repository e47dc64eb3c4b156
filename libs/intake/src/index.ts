export { faultOfJson } from './body-shape';
export * from './hook';
export * from './migrations';
export * from './intake';
export * from './intake.module';
export * from './parse-body';
export * from './verify-signature';
export { spoolVariables } from './spool/spool-config';
