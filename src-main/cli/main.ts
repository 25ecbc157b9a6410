/** The command line: npm run cpchain -- COMMAND */
import { interrupted, runCommandLine } from './run.ts';

const abort = new AbortController();
process.once('SIGINT', () => abort.abort(interrupted()));
process.once('SIGTERM', () => abort.abort(interrupted()));

process.exitCode = await runCommandLine(process.argv.slice(2), { out: (line) => console.log(line), err: (line) => console.error(line) }, abort.signal);
