/** Prices of plans as people think of them: a message, or a day. */
import { useTranslation } from 'react-i18next';
import type { StreamPlanView } from '../../../src-node/api/contract/index.ts';
import { cpc } from '../../models/format.ts';
import { priceOfDay } from '../../models/streams.ts';

type Plan = Pick<StreamPlanView, 'kind' | 'unitPrice'>;
const DECIMALS = 6;

export interface PlanWords {
  /** "0.00002 CPC", without what for. */
  readonly amountOf: (plan: Plan) => string;
  /** "0.00002 CPC a message", "17.97 CPC a day". */
  readonly priceOf: (plan: Plan) => string;
}

export function usePlanWords(): PlanWords {
  const { t } = useTranslation('streams');
  const amountOf = (plan: Plan): string => cpc(plan.kind === 'metered' ? plan.unitPrice : (priceOfDay(plan, null) ?? 0n), { ...(plan.kind === 'metered' ? {} : { decimals: DECIMALS }), unit: true }).replace(/(\.\d*?)0+(?=\u00a0)/, '$1').replace(/\.(?=\u00a0)/, '');
  return { amountOf, priceOf: (plan) => t(`price.${plan.kind}`, { amount: amountOf(plan) }) };
}
