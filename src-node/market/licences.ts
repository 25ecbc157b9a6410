/** Licences that a seller can choose (docs/protocol/11 §4.16). The hash of the text is part of what a buyer agrees to. */
import { toHex, utf8, type Hex } from '../base/bytes.ts';
import { sha256 } from '../crypto/hash.ts';

export interface LicenceTemplate {
  readonly id: string;
  readonly title: string;
  readonly grants: readonly ('use' | 'derive' | 'train-model' | 'display')[];
  readonly limits: readonly ('no-resale' | 'no-redistribution' | 'one-organisation' | 'evaluation-only' | 'attribution' | 'share-alike')[];
  readonly text: string;
}

export const LICENCES: readonly LicenceTemplate[] = [
  {
    id: 'PD-OPEN-BY',
    title: 'Open, with attribution',
    grants: ['use', 'derive', 'train-model', 'display'],
    limits: ['attribution'],
    text: 'The buyer may use, change, combine, publish and pass on the data for any purpose, also commercially, as long as the seller is named as its source.',
  },
  {
    id: 'PD-OPEN-SA',
    title: 'Open, share alike',
    grants: ['use', 'derive', 'train-model', 'display'],
    limits: ['attribution', 'share-alike'],
    text: 'The buyer may use, change, combine, publish and pass on the data for any purpose, as long as the seller is named as its source and derived data sets are offered under these same terms.',
  },
  {
    id: 'PD-RESEARCH',
    title: 'Research',
    grants: ['use', 'derive', 'display'],
    limits: ['no-resale', 'no-redistribution', 'attribution'],
    text: 'The buyer may use and change the data for research and teaching and publish results, naming the seller as source. The data itself may be neither sold nor passed on.',
  },
  {
    id: 'PD-COM-1',
    title: 'Commercial, one organisation',
    grants: ['use', 'train-model', 'display'],
    limits: ['one-organisation', 'no-resale', 'no-redistribution'],
    text: 'The buyer’s organisation may use the data inside the organisation for any purpose, including training of models, and may show results. The data may be neither sold nor passed on.',
  },
  {
    id: 'PD-COM-D',
    title: 'Commercial, with derivatives',
    grants: ['use', 'derive', 'train-model', 'display'],
    limits: ['no-resale', 'no-redistribution'],
    text: 'The buyer may use the data for any purpose and may sell products derived from it from which the data cannot be recovered. The data itself may be neither sold nor passed on.',
  },
  {
    id: 'PD-EVAL',
    title: 'Evaluation',
    grants: ['use'],
    limits: ['evaluation-only', 'no-resale', 'no-redistribution'],
    text: 'The buyer may examine the data for 30 days to decide whether to buy it under other terms, and then deletes it. Results may not be used in products.',
  },
];

export function licenceOf(id: string): LicenceTemplate | null {
  return LICENCES.find((licence) => licence.id === id) ?? null;
}

export function licenceHash(licence: LicenceTemplate): Hex {
  return toHex(sha256(utf8(licence.text)));
}
