/** `npm run bench [packing|import|evm|page|format|streams]`: a table and one line of JSON. Not part of the tests: machines differ. */
import { benchEvm } from './evm.ts';
import { benchFirstPaint } from './first-paint.ts';
import { benchImport } from './chain-import.ts';
import { benchPacking } from './packing.ts';
import type { BenchRow } from './row.ts';
import { benchStreamsFormat } from './streams-format.ts';
import { benchStreams } from './streams.ts';

const BENCHES: Readonly<Record<string, () => Promise<readonly BenchRow[]> | readonly BenchRow[]>> = { packing: benchPacking, import: benchImport, evm: benchEvm, page: benchFirstPaint, format: benchStreamsFormat, streams: benchStreams };

const [wanted] = process.argv.slice(2);
const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted !== undefined && wanted !== name) continue;
  console.log(`\n${name}`);
  for (const row of await bench()) {
    rows.push(row);
    const verdict = row.aim === undefined ? '' : `   aim ${row.aim}${row.met === true ? '' : ', not met'}`;
    console.log(`  ${row.name.padEnd(58)} ${row.value.toFixed(1).padStart(10)} ${row.unit}${verdict}`);
  }
}
console.log(`\n${JSON.stringify(rows)}`);
process.exit(0);
