/** A publisher of the rows of a file, in a process of its own that tests kill: `node publisher-child.ts FOLDER FILE START_SECONDS URL…`. */
import { millis, seconds, systemClock } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { silentLogger } from '../base/logger.ts';
import { Publisher } from '../streams/publisher/publisher.ts';
import { FileTail } from '../streams/publisher/sources/file-tail.ts';
import { MARKET_STREAM, StreamMarket } from './stream-market.ts';

const [folder = '', path = '', start = '', ...urls] = process.argv.slice(2);
const market = new StreamMarket({ folder, clock: systemClock, plan: { kind: 'metered', unitPrice: 10n, window: 50 }, epochSeconds: 600, ahead: 6 });
market.record = { ...market.record, startSeconds: seconds(Number(start)) };
market.subscribe(1, 10_000_000n); // the test's reader
for (const [index, url] of urls.entries()) market.nameGateway(index + 1, url);
const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
const publisher = await Publisher.open({ streamId: MARKET_STREAM, folder, schema, maxDelayMillis: millis(10), maxWaitingBytes: 400_000 }, { chain: market, keys: market.publisherKeys, files: systemFiles, clock: systemClock, log: silentLogger });
const never = new AbortController().signal;
const tail = new FileTail({ path, format: 'jsonl', pollMillis: millis(10) }, { sink: publisher.sink, clock: systemClock, log: silentLogger, onRefused() {} });
await Promise.all([publisher.run(never), tail.run(never)]);
