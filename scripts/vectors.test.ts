/** `npm run vectors` as a process of its own: what it prints and how it ends. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readVector, readVectorJson } from '../src-node/testing/vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...paths: readonly string[]): { readonly code: number | null; readonly lines: readonly string[]; readonly complaint: string } {
  const script = fileURLToPath(new URL('vectors.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...paths], { encoding: 'utf8', timeout: 50_000 });
  return { code: status, lines: stdout.trimEnd().split('\n'), complaint: stderr };
}

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('npm run vectors', () => {
  const rewards = readVectorJson<readonly { readonly number: number; readonly rewardWei: string }[]>('election/block-reward.json');

  it('says per file what passed, tells a kind by its content, and names what it does not know', () => {
    const [known, other] = [fileOf('some-name', JSON.stringify(rewards)), fileOf('terms.json', '{"what":"else"}')];
    expect(run(known, other)).toMatchObject({
      code: 0,
      lines: [`${known}: ${rewards.length} passed, 0 failed`, `${other}: skipped, not a kind that is known here`, `${rewards.length} passed, 0 failed in 1 files; 1 files skipped`],
    });
  });

  it('ends with 1 and names the case when one fails', () => {
    const wrong = fileOf('wrong.json', JSON.stringify(rewards.with(0, { number: 1, rewardWei: '1' })));
    const { code, lines } = run(wrong);
    expect([code, lines[0], lines[1], lines.at(-1)]).toEqual([1, `${wrong}: ${rewards.length - 1} passed, 1 failed`, expect.stringContaining('block 1') as string, `${rewards.length - 1} passed, 1 failed in 1 files; 0 files skipped`]);
  });

  it('counts a file as failed that does not end or lacks the one it refers to', () => {
    const cut = fileOf('cut.rlp', readVector('blocks/mini-chain.rlp').subarray(0, 5_000));
    expect(run(cut, fileOf('cases.json', readVector('blocks/import-cases.json')))).toMatchObject({ code: 1, lines: expect.arrayContaining([expect.stringMatching(/dev-chain\.rlp.*is not there/)]) as string[] });
    expect(run(cut).lines[0]).toMatch(/^.*cut\.rlp: \d+ passed, 1 failed$/);
  });

  it('ends with 1 when nothing was compared', () => {
    expect(run(fileOf('nothing.json', '{}')).code).toBe(1);
    expect(run(join(folder, 'none'))).toMatchObject({ code: 1, complaint: expect.stringContaining('none') as string });
  });
});
