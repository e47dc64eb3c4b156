export * from './hook';
