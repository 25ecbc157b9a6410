import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { boundaryElements, boundaryPolicies, testBoundaryPolicies } from './scripts/floors.mjs';

export default tseslint.config(
  { ignores: ['out/**', 'node_modules/**', '.cache/**', 'test-vectors/**', 'resources/**', '**/*.gen.ts', 'playwright-report/**', 'test-results/**'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly' } },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: tseslint.configs.strictTypeChecked,
    plugins: { boundaries, 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: {
      'boundaries/elements': boundaryElements,
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })],
    },
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies: boundaryPolicies }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `return done()` as an early exit reads better than two statements.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name; default exports are for tool configs.' },
        { selector: "ThrowStatement > NewExpression[callee.name='Error']", message: 'Throw a CodedError: a code, a sentence, a next step.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx'],
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies: testBoundaryPolicies }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // Mplex has no flow control, and older IPFS programs speak nothing else.
  { files: ['src-node/otp/ipfs.ts'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  { files: ['*.config.ts', 'eslint.config.js', 'e2e/support/*.setup.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['src-main/cli/**', 'src-main/headless/main.ts', 'scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
);
