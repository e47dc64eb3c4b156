export { AdminLinks } from './access/sessions';
export { RegistryModule } from './app.module';
export { registryConfig, REGISTRY_CONFIG, type RegistryConfig } from './config';
export { largeBodies } from './library/large-bodies';
export { ConfiguredLibraries, summary, type ConfiguredImport } from './library/configured-libraries';
