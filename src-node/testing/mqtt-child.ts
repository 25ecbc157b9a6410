/** A publisher that only takes rows from a broker, in a process of its own that tests kill: `node mqtt-child.ts FOLDER URL`. */
import { writeFileSync } from 'node:fs';
import { systemClock } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { silentLogger } from '../base/logger.ts';
import { MqttSource } from '../streams/publisher/sources/mqtt-source.ts';
import { Spool } from '../streams/publisher/spool.ts';

const [folder = '', url = ''] = process.argv.slice(2);
const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
const spool = await Spool.open({ folder, schema, maxBytes: 1e8, fileBytes: 2000 }, { files: systemFiles, log: silentLogger });
MqttSource.start({ url, clientId: 'bridge', topicFilter: 'plant/+/rows', login: null, authority: null }, { sink: spool, clock: systemClock, log: silentLogger, onRefused() {}, onState: (state) => (state === 'receiving' ? writeFileSync(`${folder}.receiving`, '') : undefined) });
