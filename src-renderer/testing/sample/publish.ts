import type { DraftView, Licence, UploadView } from '../../../src-node/api/contract/index.ts';
import { CPC, MAIN, MINUTE } from './addresses.ts';
import type { SampleOptions } from './options.ts';

export const SAMPLE_LICENCES: readonly Licence[] = [
  { id: 'PD-OPEN-BY', title: 'Open, with attribution', grants: ['use', 'derive', 'train-model', 'display'], limits: ['attribution'], text: 'The buyer may use, change, combine, publish and pass on the data for any purpose, also commercially, as long as the seller is named as its source.' },
  { id: 'PD-RESEARCH', title: 'Research', grants: ['use', 'derive', 'display'], limits: ['no-resale', 'no-redistribution', 'attribution'], text: 'The buyer may use and change the data for research and teaching and publish results, naming the seller as source.' },
  { id: 'PD-COM-1', title: 'Commercial, one organisation', grants: ['use', 'train-model', 'display'], limits: ['one-organisation', 'no-resale', 'no-redistribution'], text: 'The buyer’s organisation may use the data inside the organisation for any purpose, including training of models, and may show results.' },
  { id: 'PD-COM-D', title: 'Commercial, with derivatives', grants: ['use', 'derive', 'train-model', 'display'], limits: ['no-resale', 'no-redistribution'], text: 'The buyer may use the data for any purpose and may sell products derived from it from which the data cannot be recovered.' },
];

const columns: NonNullable<DraftView['profile']>['columns'] = [
  { name: 'Name', type: 'text', nullPct: 0, min: null, max: null }, { name: 'Miles_per_Gallon', type: 'number', nullPct: 2, min: '9', max: '46.6' }, { name: 'Cylinders', type: 'integer', nullPct: 0, min: '3', max: '8' }, { name: 'Horsepower', type: 'integer', nullPct: 1.5, min: '46', max: '230' }, { name: 'Year', type: 'date', nullPct: 0, min: '1970-01-01', max: '1982-01-01' },
];

export function sampleDrafts({ now, empty }: SampleOptions): readonly DraftView[] {
  if (empty) return [];
  const base: DraftView = {
    id: 'draft-cars', state: 'draft', file: { name: 'cars.json', bytes: 100_492 },
    profile: { format: 'json', rows: 406, columns, preview: { header: columns.map(({ name }) => name), rows: [['chevrolet chevelle malibu', '18', '8', '130', '1970-01-01'], ['buick skylark 320', '15', '8', '165', '1970-01-01'], ['datsun pl510', '27', '4', '88', '1970-01-01']] }, problem: null },
    description: { title: 'Cars 1970–1982', summary: 'Consumption, power and weight of 406 models.', description: 'One row for each model and year.', category: 'industry', tags: ['cars', 'teaching'], personalData: false, preview: true },
    places: [{ id: 'folder', label: 'A folder on this machine', chosen: true, outside: false, tested: true, problem: null }, { id: 'ipfs', label: 'IPFS, embedded node', chosen: false, outside: false, tested: true, problem: null }], onlyThisComputer: false,
    terms: { price: 5n * CPC, bond: 10n * CPC, licenceId: 'PD-COM-1', seller: MAIN }, progress: null, error: null, listing: null, updatedAt: now - 12 * MINUTE,
  };
  return [
    base,
    { ...base, id: 'draft-brake', state: 'packing', file: { name: 'brake-2025-q4.csv', bytes: 1_310_000_000 }, profile: null, progress: { done: 612_000_000, total: 1_310_000_000, rate: 248_000_000 }, updatedAt: now - 2000 },
    { ...base, id: 'draft-failed', state: 'failed', file: { name: 'lidar.bin', bytes: 318_000_000_000 }, error: { code: 'DISK_FULL', message: 'The disk has too little room for the packed copy.', help: 'Free 12.4 GB and go on; what is packed is kept.' }, updatedAt: now - 90 * MINUTE },
  ];
}

export function sampleUploads({ empty }: SampleOptions): readonly UploadView[] {
  return empty ? [] : [{ id: 'upload-river', name: 'river-2025.csv', bytes: 8_100_000_000, arrived: 3_140_000_000 }];
}
