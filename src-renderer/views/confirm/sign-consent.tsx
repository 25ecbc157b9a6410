/** Ticks before an unusual signature. */
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../../../src-node/api/contract/index.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { isUnknownCall, needsHold } from './proposal-risk.ts';

export interface Consent {
  readonly understood: boolean;
  /** Press twice instead of holding. */
  readonly twice: boolean;
}

export interface SignConsentProps {
  readonly proposal: Proposal;
  readonly consent: Consent;
  readonly onChange: (consent: Consent) => void;
}

export function SignConsent({ proposal, consent, onChange }: SignConsentProps) {
  const { t } = useTranslation('sheet');
  return (
    <div className="proposal__ticks">
      {isUnknownCall(proposal) && <Checkbox checked={consent.understood} onChange={(understood) => onChange({ ...consent, understood })}>{t('consent.unknown')}</Checkbox>}
      {needsHold(proposal) && <Checkbox checked={consent.twice} onChange={(twice) => onChange({ ...consent, twice })} help={t('consent.hold_help')}>{t('consent.twice')}</Checkbox>}
    </div>
  );
}
