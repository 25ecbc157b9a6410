/** Imports a chain file in a process of its own, to be killed at any moment: FILE NETWORK FOLDER. Tells when it begins and ends. */
import { importChainFile } from '../chain-tools.ts';

const [file = '', network = '', dataDir = ''] = process.argv.slice(2);
process.stdout.write('begin\n');
const { hash, stateRoot } = await importChainFile({ file, network, dataDir });
process.stdout.write(`${JSON.stringify({ hash, stateRoot })}\n`);
