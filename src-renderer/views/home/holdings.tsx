/** Everything you own, and where it lies. */
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { holdingsOf, useWallet, type Holdings as Held } from '../../models/wallet.ts';
import { useAppStatus } from '../../models/app.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useShellState } from '../shell/shell-state.ts';

const PARTS = ['staked', 'free', 'inEscrow', 'inBonds', 'withdrawable'] as const;
type Part = (typeof PARTS)[number];

/** Always shown, even at nothing, so that the words teach what there is. */
const ALWAYS: readonly Part[] = ['free', 'inEscrow'];
/** Shares are drawn in thousandths: a sliver stays visible. */
const WHOLE = 1000n;

export function Holdings() {
  const { t } = useTranslation(['home', 'shell']);
  const wallet = useWallet();
  const network = useAppStatus().data?.network ?? 'practice';
  const show = useShellState((state) => state.show);
  return (
    <Panel plain query={wallet} rows={2}>
      {(data) => {
        const held = holdingsOf(data.accounts);
        const parts = PARTS.filter((part) => held[part] > 0n || ALWAYS.includes(part));
        return (
          <div className="holdings">
            <p className="t-label">{t('everything', { network: t(`shell:network.${network}`) })}</p>
            <p className="above-1"><Amount value={held.total} decimals={4} size="hero" unit /></p>
            <div className="holdings__bar" aria-hidden>{parts.map((part) => <i key={part} className={`holdings__part--${part}`} style={{ flexGrow: share(held, part) }} />)}</div>
            <div className="row row-top apart gap-4 wrap">
              <dl className="holdings__legend">
                {parts.map((part) => (
                  <div key={part}><dt className="t-small c-2"><i className={`holdings__part--${part}`} aria-hidden />{t(`part.${part}`)}</dt><dd><Amount value={held[part]} decimals={4} /></dd></div>
                ))}
              </dl>
              <div className="row">
                <Button variant="ink" icon={<ArrowUpRight aria-hidden />} onClick={() => show({ kind: 'send' })}>{t('send')}</Button>
                <Button icon={<ArrowDownLeft aria-hidden />} onClick={() => show({ kind: 'receive' })}>{t('receive')}</Button>
              </div>
            </div>
          </div>
        );
      }}
    </Panel>
  );
}

function share(held: Held, part: Part): number {
  return held.total === 0n ? 0 : Number((held[part] * WHOLE) / held.total);
}
