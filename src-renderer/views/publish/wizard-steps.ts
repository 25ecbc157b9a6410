/** The five questions of publishing, and where a draft stands among them. */
import type { DraftView, MarketStatus } from '../../../src-node/api/contract/index.ts';

export const WIZARD_STEPS = ['data', 'describe', 'storage', 'price', 'review'] as const;
export type WizardStep = (typeof WIZARD_STEPS)[number];

/** Where a draft goes on that was left. */
export function firstOpen(draft: DraftView): WizardStep {
  if (draft.description === null) return 'data';
  return draft.terms === null ? 'storage' : 'review';
}

/** Whether the listing would say that only the seller's machine serves it, and the seller has to agree to that. */
export function hasTooFewPlaces(chosen: readonly string[], draft: DraftView, market: MarketStatus | undefined): boolean {
  const outside = draft.places.filter((place) => place.outside && place.tested && chosen.includes(place.id)).length;
  return market !== undefined && outside < market.wantedPlaces;
}

/** Steps that were passed and hold the publication up now. */
export function needsAttention(step: WizardStep, draft: DraftView, market: MarketStatus | undefined): boolean {
  const chosen = draft.places.filter((place) => place.chosen).map(({ id }) => id);
  if (step === 'storage') return !draft.onlyThisComputer && hasTooFewPlaces(chosen, draft, market);
  return step === 'review' && draft.error !== null;
}
