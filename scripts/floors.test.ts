import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const ABOUT_IMPORTS = new Set(['boundaries/dependencies', 'import-x/no-cycle']);
/** Without the rules that read types, and without the types, which take many seconds. */
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => ABOUT_IMPORTS.has(ruleId),
  overrideConfig: { files: ['**/*.ts', '**/*.tsx'], languageOptions: { parserOptions: { projectService: false } } },
});

/** Rules that `code` would break if it stood in the file at `path`. */
async function rulesBrokenBy(path: string, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) });
  return result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? [];
}

describe('the floors', () => {
  it.each([
    ['a floor above', 'src-node/state/state.ts', '../evm/evm.ts', 'Evm'],
    ['a folder of the same floor', 'src-node/market/market.ts', '../wallet/outbox.ts', 'Outbox'],
    ['the shells', 'src-node/api/router.ts', '../../src-main/headless/session.ts', 'Sessions'],
    ['the shells, by the composition root', 'src-node/node.ts', '../src-main/headless/session.ts', 'Sessions'],
    ['values of the node, by the entry of the window', 'src-renderer/app.tsx', '../src-node/base/bytes.ts', 'toHex'],
    ['values of the node, by the window', 'src-renderer/models/format.ts', '../../src-node/base/bytes.ts', 'toHex'],
    ['models, by the design system', 'src-renderer/ui/button.tsx', '../models/format.ts', 'formatBytes'],
  ])('refuse an import of %s', async (_, path, target, name) => {
    expect(await rulesBrokenBy(path, `import { ${name} } from '${target}';\nexport const probe = ${name};\n`)).toContain('boundaries/dependencies');
  });

  it('allow what lies below', async () => {
    const broken = await rulesBrokenBy('src-node/evm/evm.ts', "import { toHex } from '../base/bytes.ts';\nimport { State } from '../state/state.ts';\nexport const probe = [toHex, State];\n");
    expect(broken).not.toContain('boundaries/dependencies');
  });

  it('refuse an import cycle', async () => {
    const broken = await rulesBrokenBy('src-node/base/errors.ts', "import { toHex } from './bytes.ts';\nexport const probe = toHex;\nexport class CodedError extends Error {}\n");
    expect(broken).toContain('import-x/no-cycle');
  });
});
