import type { StreamSchema } from '../../streams/publisher/schema.ts';

/** Number of the row, and when its device had it. */
export const SIM_SCHEMA: StreamSchema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }, { name: 'at', type: 'time', unit: '' }] };
