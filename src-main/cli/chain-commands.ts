/** cpchain chain import | export | verify | repair */
import { exportChainFile, importChainFile, type ChainReport, type ChainToolOptions } from '../../src-node/chain-tools.ts';
import { repairChain, verifyChain, type ChainRepairOptions } from '../../src-node/chain-repair.ts';
import { required, usageError, type Command, type CommandArgs, type CommandResult } from './command.ts';
import { MemoryMeter } from './memory-meter.ts';

const OPTIONS = { network: { type: 'string' }, datadir: { type: 'string' } } as const;
const IMPORT_USAGE = 'chain import FILE --network NAME --datadir FOLDER [--archive] [--reference-rules] [--json]';
const EXPORT_USAGE = 'chain export FILE --network NAME --datadir FOLDER [--json]';
const VERIFY_USAGE = 'chain verify --network NAME --datadir FOLDER [--reference-rules] [--json]';
const REPAIR_USAGE = 'chain repair --network NAME --datadir FOLDER [--reference-rules] [--json]';

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

export const chainVerify: Command = {
  usage: VERIFY_USAGE,
  options: { ...OPTIONS, 'reference-rules': { type: 'boolean' } },
  run: async (args) => {
    const { head, hash, stateRoot, transactions: txs } = await verifyChain(repairOptions(args, VERIFY_USAGE));
    return { json: { head, hash, stateRoot, txs }, text: `All ${head} blocks with ${txs} transactions are stored as they were executed. Head: ${hash}` };
  },
};

export const chainRepair: Command = {
  usage: REPAIR_USAGE,
  options: { ...OPTIONS, 'reference-rules': { type: 'boolean' } },
  run: async (args) => {
    const { head, hash, stateRoot, headBefore, stoppedBy, kept } = await repairChain(repairOptions(args, REPAIR_USAGE));
    const end = stoppedBy === null ? 'All stored blocks were good.' : `Later blocks are gone: ${stoppedBy}`;
    return {
      json: { head, hash, stateRoot, headBefore: headBefore ?? 'unknown', stoppedBy: stoppedBy ?? '', kept },
      text: `The chain was built anew up to block ${head}, ${hash} (head before: ${headBefore ?? 'unknown'}). ${end} The damaged chain is kept in ${kept}`,
    };
  },
};

function repairOptions(args: CommandArgs, usage: string): ChainRepairOptions {
  if (args.positionals.length > 0) throw usageError('Name no file.', usage);
  return {
    network: required(args, 'network', usage),
    dataDir: required(args, 'datadir', usage),
    referenceRules: args.values['reference-rules'] === true,
    signal: args.signal,
    onProgress: ({ head, transactions }) => args.say(`block ${head.toString()} (${transactions} transactions)`),
  };
}

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
