import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read in config.ts only: add the variable to the schema there and inject the config.',
};
const noClock = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is an argument of the domain: take `now: Date`.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time is an argument of the domain: take `now: Date`.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Chance is an argument of the domain: take the value.',
  },
];

/** Who may import whom, by the tag in each package.json. Its twin for people is the table in docs/architecture.md. */
const boundaries = [
  { sourceTag: 'type:domain', onlyDependOnLibsWithTags: [], bannedExternalImports: ['*'] },
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: [], allowedExternalImports: ['zod'] },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:contracts', 'type:platform'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:contracts', 'type:platform'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:domain', 'type:contracts', 'type:platform'] },
  {
    sourceTag: 'type:standalone',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:platform', 'type:app', 'type:web'],
  },
  { sourceTag: 'type:client', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:web', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:contracts', 'type:platform', 'type:testing'] },
];
/** Tests may use the test kit besides; the domain's may use a library for properties. */
const boundariesOfTests = boundaries.map((rule) =>
  rule.sourceTag === 'type:domain'
    ? { ...rule, bannedExternalImports: ['@nestjs/*', 'typeorm', 'pg', 'rxjs'] }
    : { ...rule, onlyDependOnLibsWithTags: [...rule.onlyDependOnLibsWithTags, 'type:testing'] },
);
const enforce = (depConstraints) => [
  'error',
  { allow: [], depConstraints, enforceBuildableLibDependency: false, allowCircularSelfDependency: true },
];

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.nx/', '.data/', 'apps/web/src/api/schema.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        performance: 'readonly',
      },
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': enforce(boundaries),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'no-restricted-syntax': ['error', noEnvironment],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['warn', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', { max: 6 }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: [
      'apps/{registry,scheduler,notifier,kpi-ingest,alert-relay,standalone}/src/**/*.ts',
      'libs/{bus,service-kit,intake,identity}/src/**/*.ts',
    ],
    rules: {
      // Nest finds what to inject by the type of the parameter at run time: such an import is not a type only.
      '@typescript-eslint/consistent-type-imports': 'off',
    },
  },
  {
    files: ['libs/recertification/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': ['error', noEnvironment, ...noClock],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'The domain knows no machine: take the value as an argument.' },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*', '@*/*', 'rxjs'], message: 'The domain imports nothing but its own files.' }] },
      ],
    },
  },
  {
    // What is shown is long, and still one thing.
    files: ['**/*.tsx'],
    rules: { 'max-lines-per-function': ['warn', { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: [
      '**/config.ts',
      '**/*{spec,int-spec,e2e-spec,chaos-spec}.ts',
      'libs/testing/**/*.ts',
      'apps/cli/src/main.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*{spec,int-spec,e2e-spec,chaos-spec}.ts', '**/*-suite.ts', '**/story/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': enforce(boundariesOfTests),
      'max-lines-per-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['apps/cli/src/**/*.ts', 'apps/standalone/src/main.ts'], rules: { 'no-console': 'off' } },
);
