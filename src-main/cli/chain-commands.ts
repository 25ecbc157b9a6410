/** cpchain chain import | export */
import { exportChainFile, importChainFile, type ChainReport, type ChainToolOptions } from '../../src-node/chain-tools.ts';
import { required, usageError, type Command, type CommandArgs, type CommandResult } from './command.ts';
import { MemoryMeter } from './memory-meter.ts';

const OPTIONS = { network: { type: 'string' }, datadir: { type: 'string' } } as const;
const IMPORT_USAGE = 'chain import FILE --network NAME --datadir FOLDER [--archive] [--reference-rules] [--json]';
const EXPORT_USAGE = 'chain export FILE --network NAME --datadir FOLDER [--json]';

export const chainImport: Command = {
  usage: IMPORT_USAGE,
  options: { ...OPTIONS, archive: { type: 'boolean' }, 'reference-rules': { type: 'boolean' } },
  run: (args) => {
    const options = toolOptions(args, IMPORT_USAGE);
    return measured('imported', () =>
      importChainFile({
        ...options,
        archive: args.values['archive'] === true,
        referenceRules: args.values['reference-rules'] === true,
        signal: args.signal,
        onProgress: ({ head, blocks, transactions }) => args.say(`block ${head.toString()} (${blocks} blocks, ${transactions} transactions)`),
      }),
    );
  },
};

export const chainExport: Command = {
  usage: EXPORT_USAGE,
  options: OPTIONS,
  run: (args) => {
    const options = toolOptions(args, EXPORT_USAGE);
    return measured('exported', () => exportChainFile(options));
  },
};

function toolOptions(args: CommandArgs, usage: string): ChainToolOptions {
  const [file, ...others] = args.positionals;
  if (file === undefined || others.length > 0) throw usageError('Name one file.', usage);
  return { file, network: required(args, 'network', usage), dataDir: required(args, 'datadir', usage) };
}

async function measured(done: string, work: () => Promise<ChainReport>): Promise<CommandResult> {
  const meter = new MemoryMeter();
  const report = await work().finally(() => meter.stop());
  const { head, hash, stateRoot, blocks, transactions: txs, seconds } = report;
  const rssMB = meter.peakMib;
  return {
    json: { head, hash, stateRoot, blocks, txs, seconds, rssMB },
    text: `${blocks} blocks with ${txs} transactions ${done} in ${seconds} s (${rssMB} MB). Head: block ${head}, ${hash}`,
  };
}
