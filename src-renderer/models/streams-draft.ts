/** A stream that is being described: what is typed, and what the node would not take. */
import type { Category, NewStream, StreamColumn, StreamPlanKind } from '../../src-node/api/contract/index.ts';

/** How often it is written on the chain how far the stream is. */
export type CheckpointChoice = 'hour' | 'day' | 'never';

export interface StreamDraft {
  readonly owner: string | null;
  readonly title: string;
  readonly titleZh: string;
  readonly summary: string;
  readonly description: string;
  /** As typed, with commas between. */
  readonly tags: string;
  readonly category: Category;
  readonly columns: readonly StreamColumn[];
  readonly kind: StreamPlanKind;
  /** A message, or a day: people think of no price a second. */
  readonly price: bigint | null;
  readonly licenceId: string;
  readonly epochSeconds: number;
  readonly ahead: number;
  readonly peekMinutes: number | null;
  readonly gateways: readonly string[];
  readonly checkpoints: CheckpointChoice;
}

export const NEW_DRAFT: StreamDraft = {
  owner: null, title: '', titleZh: '', summary: '', description: '', tags: '', category: 'transport', columns: [{ name: 'time', type: 'time', unit: null }, { name: '', type: 'number', unit: null }],
  kind: 'metered', price: null, licenceId: 'PD-COM-1', epochSeconds: 600, ahead: 6, peekMinutes: 60, gateways: [], checkpoints: 'day',
};

const COLUMN_NAME = /^[A-Za-z_][\w.]{0,39}$/;
const SHORTEST_TITLE = 3;
const MOST_TAGS = 12;
const LONGEST_TAG = 40;
const DAY_SECONDS = 86_400n;
/** docs/protocol/11 §4.26: units that may stay unsigned. */
const WINDOW_MESSAGES = 50;

const CHECKPOINTS_A_DAY: Readonly<Record<CheckpointChoice, bigint>> = { hour: 24n, day: 1n, never: 0n };

/** Keys of the sentences (`stream-desk:missing.<key>`) that say what has to be added, in the order of the page. */
export type DraftFault = 'title' | 'columns' | 'column-name' | 'column-twice' | 'price' | 'gateways' | 'account';

export function draftFaults(draft: StreamDraft): readonly DraftFault[] {
  const names = draft.columns.map(({ name }) => name);
  const faults: readonly (readonly [DraftFault, boolean])[] = [
    ['title', draft.title.trim().length < SHORTEST_TITLE],
    ['columns', names.length === 0],
    ['column-name', names.some((name) => !COLUMN_NAME.test(name))],
    ['column-twice', new Set(names.map((name) => name.toLowerCase())).size < names.length],
    ['price', draft.price === null || unitPriceOf(draft.kind, draft.price) === 0n],
    ['gateways', draft.gateways.length === 0],
    ['account', draft.owner === null],
  ];
  return faults.flatMap(([key, isFault]) => (isFault ? [key] : []));
}

/** At most twelve of at most forty letters, as the node takes them. */
export function tagsOf(text: string): string[] {
  return text.split(/[,，]/u).map((tag) => tag.trim().slice(0, LONGEST_TAG)).filter((tag) => tag !== '').slice(0, MOST_TAGS);
}

/** Base units a message or a second; a day's price is cut to whole base units a second. */
export function unitPriceOf(kind: StreamPlanKind, price: bigint): bigint {
  return kind === 'metered' ? price : price / DAY_SECONDS;
}

/** How long after a revocation its reader may still read: the epoch that runs and those whose keys are out. */
export function revocationSeconds({ epochSeconds, ahead }: Pick<StreamDraft, 'epochSeconds' | 'ahead'>): number {
  return epochSeconds * (ahead + 1);
}

/** Gas of a day, base units. @param fee of one checkpoint */
export function checkpointCostOfDay(choice: CheckpointChoice, fee: bigint): bigint {
  return fee * CHECKPOINTS_A_DAY[choice];
}

/** What the node takes; null while something is missing. */
export function newStreamOf(draft: StreamDraft): NewStream | null {
  if (draft.owner === null || draft.price === null || draftFaults(draft).length > 0) return null;
  return {
    owner: draft.owner, title: draft.title.trim(), ...(draft.titleZh.trim() === '' ? {} : { titleZh: draft.titleZh.trim() }), summary: draft.summary.trim(), description: draft.description, category: draft.category, tags: tagsOf(draft.tags),
    columns: draft.columns.map(({ name, type, unit }) => ({ name, type, unit: unit?.trim() === '' ? null : unit })),
    plan: { kind: draft.kind, unitPrice: unitPriceOf(draft.kind, draft.price), window: draft.kind === 'metered' ? WINDOW_MESSAGES : revocationSeconds(draft) },
    licenceId: draft.licenceId, epochSeconds: draft.epochSeconds, ahead: draft.ahead, peekDelaySeconds: draft.peekMinutes === null ? null : draft.peekMinutes * 60, gateways: [...draft.gateways], checkpoints: draft.checkpoints === 'never' ? null : draft.checkpoints,
  };
}
