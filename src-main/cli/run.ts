/** Finds the command, reads its options, and prints its result or its error: one line of JSON, or text. */
import { parseArgs } from 'node:util';
import { CodedError, toCoded } from '../../src-node/base/errors.ts';
import { chainExport, chainImport, chainRepair, chainVerify } from './chain-commands.ts';
import { usageError, type Command, type CommandArgs } from './command.ts';
import { gateway } from './gateway-command.ts';

const COMMANDS: Readonly<Record<string, Command>> = { 'chain import': chainImport, 'chain export': chainExport, 'chain verify': chainVerify, 'chain repair': chainRepair, gateway };

export interface Output {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** @returns the exit code: 0, or 1 after an error */
export async function runCommandLine(argv: readonly string[], output: Output, signal: AbortSignal): Promise<number> {
  const isJson = argv.includes('--json');
  if (argv.includes('--help') || argv.includes('-h')) {
    output.out(`Usage: cpchain ${usageOf(argv)}`);
    return 0;
  }
  try {
    const { json, text } = await runCommand(argv, { ...output, err: isJson ? () => undefined : output.err }, signal);
    output.out(isJson ? JSON.stringify(json) : text);
    return 0;
  } catch (error) {
    const coded = toCoded(error);
    if (isJson) output.out(JSON.stringify({ error: coded.toJSON() }));
    else output.err([coded.message, coded.help, `(${coded.code})`].filter((part) => part !== undefined).join('\n'));
    return 1;
  }
}

async function runCommand(argv: readonly string[], output: Output, signal: AbortSignal): ReturnType<Command['run']> {
  const { command, words } = commandOf(argv);
  if (command === undefined) throw usageError('There is no such command.', usageOf(argv));
  const { positionals, values } = parsed(argv.slice(words), command);
  return command.run({ positionals, values, signal, say: output.err });
}

/** @returns the command that the first words name, and how many they are */
function commandOf(argv: readonly string[]): { readonly command: Command | undefined; readonly words: number } {
  const words = [2, 1].find((count) => COMMANDS[argv.slice(0, count).join(' ')] !== undefined) ?? 0;
  return { command: COMMANDS[argv.slice(0, words).join(' ')], words };
}

/** Of the command that is named; of all when none is. */
function usageOf(argv: readonly string[]): string {
  return commandOf(argv).command?.usage ?? Object.values(COMMANDS).map(({ usage }) => usage).join('\n       cpchain ');
}

function parsed(args: readonly string[], command: Command): Pick<CommandArgs, 'positionals' | 'values'> {
  try {
    return parseArgs({ args: [...args], options: { ...command.options, json: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error), command.usage);
  }
}

/** What a command stops with when the person interrupts it. */
export function interrupted(): CodedError<'INTERRUPTED'> {
  return new CodedError('INTERRUPTED', 'The command was stopped. What was finished is kept.', { help: 'Run it again to go on.' });
}
