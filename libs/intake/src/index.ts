export * from './hook';
export * from './migrations';
export * from './intake';
export * from './intake.module';
