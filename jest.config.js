// One Jest for the whole workspace: starting one a package costs more than all the unit tests together.
const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      target: 'es2023',
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

/** Published as ES modules alone, which Jest cannot require: compiled like our own. */
const esModules = ['age-encryption', '@noble', '@scure', 's3mini'];

/** @param {string} displayName @param {string} suffix */
const suite = (displayName, suffix) => ({
  displayName,
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/{apps,libs}/*/src/**/*.${suffix}.ts`],
  transform: { '^.+\\.ts$': swc, [`/node_modules/(${esModules.join('|')})/.+\\.m?js$`]: swc },
  transformIgnorePatterns: [`/node_modules/(?!\\.pnpm|${esModules.join('|')})`],
  moduleNameMapper: { '^@recert/([a-z-]+)$': ['<rootDir>/libs/$1/src/index.ts', '<rootDir>/apps/$1/src/index.ts'] },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
});

/** Shared by the suites that use it: one PostgreSQL for the whole run, none for unit tests alone. */
const realPostgres = {
  setupFilesAfterEnv: ['<rootDir>/tools/jest-patience.js'],
  globalSetup: '<rootDir>/tools/jest-global-setup.js',
  globalTeardown: '<rootDir>/tools/jest-global-teardown.js',
};

module.exports = {
  projects: [
    { ...suite('unit', 'spec'), setupFiles: ['<rootDir>/tools/jest-models.js'] },
    { ...suite('integration', 'int-spec'), ...realPostgres },
    { ...suite('e2e', 'e2e-spec'), ...realPostgres },
    // With the numbers of `npm test`; `npm run chaos` plays them whole.
    { ...suite('chaos', 'chaos-spec'), ...realPostgres },
    // Takes a Docker engine: `npm run test:deploy`.
    { ...suite('deploy', 'deploy-spec'), setupFilesAfterEnv: ['<rootDir>/tools/jest-patience.js'] },
  ],
};
