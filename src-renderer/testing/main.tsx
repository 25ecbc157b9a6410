/** The window over the sample world; its state is chosen by the query of the address: `?theme=dark&wallet=locked#/wallet`. */
import type { Connection } from '../models/connection.ts';
import { startWindow } from '../start-window.tsx';
import { sampleApi } from './sample-api.ts';
import { DEFAULTS, type SampleOptions } from './sample/options.ts';

const query = new URLSearchParams(location.search);
const text = (name: keyof SampleOptions): Record<string, string> => (query.has(name) ? { [name]: query.get(name) ?? '' } : {});
const list = (name: 'failing' | 'hanging'): readonly string[] => (query.get(name) ?? '').split(',').filter((one) => one !== '');

const options = {
  ...DEFAULTS, now: Date.now(), empty: query.has('empty'), chosen: query.has('chosen'), failing: list('failing'), hanging: list('hanging'),
  ...text('phase'), ...text('network'), ...text('wallet'), ...text('question'), ...text('language'), ...text('theme'), ...text('density'), ...text('rnode'), ...text('pending'), ...text('asked'), ...text('reading'), ...text('pace'), ...text('recording'), ...text('gateway'),
} as SampleOptions;
const connected = query.has('offline') ? 'lost' : 'open';
const since = Date.now();
const connection: Connection = { client: sampleApi(options), status: () => connected, since: () => since, subscribe: () => () => undefined };

// A test changes the look through it, as the settings page does.
Object.assign(window, { sampleApi: connection.client });
await startWindow(connection);
