/** The committee that seals right now. */
import { useTranslation } from 'react-i18next';
import { grouped } from '../../models/format.ts';
import { useNode } from '../../models/node.ts';
import { useWallet } from '../../models/wallet.ts';
import { CommitteeRing } from '../../ui/committee-ring.tsx';
import { Panel } from '../../ui/panel.tsx';

const SIZE = 320;

export function TermRing() {
  const { t } = useTranslation('rnode');
  const own = (useWallet().data?.accounts ?? []).map(({ address }) => address.toLowerCase());
  return (
    <Panel plain query={useNode()} rows={6}>
      {(data) => {
        const seats = data.proposers.flatMap((address, seat) => (own.includes(address.toLowerCase()) ? [seat] : []));
        const words = { block: data.blockOfTerm + 1, blocks: data.termLen * data.viewLen, term: grouped(data.term), seats: data.termLen, rounds: data.viewLen, seconds: data.periodMillis / 1000 };
        return (
          <div className="rnode__ring">
            <CommitteeRing termLen={data.termLen} viewLen={data.viewLen} block={data.head === null ? null : data.blockOfTerm} mine={seats} size={SIZE} figure={data.head === null ? '–' : words.term} over={t('ring.term')} caption={t('ring.block', words)} numbered label={t('ring.label', words)} />
            <p className="t-small c-3 row wrap rnode__legend"><span><i className="rnode__mark rnode__mark--past" />{t('ring.sealed')}</span><span><i className="rnode__mark rnode__mark--mine" />{t('ring.yours')}</span><span><i className="rnode__mark" />{t('ring.to_come')}</span></p>
            <p className="t-small c-2">{t('ring.text', words)}</p>
          </div>
        );
      }}
    </Panel>
  );
}
