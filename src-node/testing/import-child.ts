/** Imports a chain file in a process of its own, to be killed at any moment: FILE NETWORK FOLDER. Tells when it begins and ends. */
import { importChainFile } from '../chain-tools.ts';

// The short recorded chain is imported within one write; forty times the pace of time makes it many, so that kills fall between them.
const now = performance.now.bind(performance);
performance.now = () => now() * 40;

const [file = '', network = '', dataDir = ''] = process.argv.slice(2);
process.stdout.write('begin\n');
const { hash, stateRoot } = await importChainFile({ file, network, dataDir });
process.stdout.write(`${JSON.stringify({ hash, stateRoot })}\n`);
