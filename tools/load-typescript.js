// `node --require tools/load-typescript.js`: runs the TypeScript sources without a build, for the child processes of
// tests. It knows no package names, only paths.
const { transformFileSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  const jsc = { parser: { syntax: 'typescript', decorators: true }, target: 'es2023' };
  module._compile(transformFileSync(file, { jsc, module: { type: 'commonjs' } }).code, file);
};
