import { expect, it } from 'vitest';
import { runCommandLine } from './run.ts';

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: readonly string[]; readonly err: readonly string[] }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommandLine(argv, { out: (line) => void out.push(line), err: (line) => void err.push(line) }, new AbortController().signal);
  return { code, out, err };
}

it.each(['gateway', 'chain import', 'chain export', 'chain verify', 'chain repair'])('says how %s is used when it is asked, and does nothing else', async (command) => {
  for (const argv of [['--help'], ['-h'], ['file', '--network', 'nowhere', '--help'], ['--json', '--help']]) {
    const { code, out, err } = await run(...command.split(' '), ...argv);
    expect([code, out.length, err]).toEqual([0, 1, []]);
    expect(out[0]).toMatch(new RegExp(`^Usage: cpchain ${command} `));
  }
});

it('names all commands when it is asked without one, or with half of one', async () => {
  for (const argv of [['--help'], ['-h'], ['chain', '--help']]) {
    const { code, out, err } = await run(...argv);
    expect([code, err]).toEqual([0, []]);
    for (const command of ['gateway', 'chain import', 'chain export', 'chain verify', 'chain repair']) expect(out.join('\n')).toContain(`cpchain ${command} `);
  }
});

it('refuses what is no command or lacks what it needs, with the usage', async () => {
  expect(await run('nothing')).toMatchObject({ code: 1, out: [], err: [expect.stringContaining('There is no such command.') as string] });
  expect(await run('gateway')).toMatchObject({ code: 1, out: [], err: [expect.stringContaining('Usage: cpchain gateway') as string] });
});
