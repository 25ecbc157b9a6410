import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { StreamCard } from '../../../src-node/api/contract/index.ts';
import { threeFigures } from '../../models/format.ts';
import { useTitle } from '../../models/title.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { DataPrint } from '../../ui/data-print.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Tag } from '../../ui/tag.tsx';
import { Time } from '../../ui/time.tsx';
import { usePlanWords } from './plan-words.ts';

const TEXT_TONES = { 'on-its-way': 'wait', invalid: 'bad' } as const;

export function StreamRow({ stream }: { readonly stream: StreamCard }) {
  const { t } = useTranslation(['streams', 'market']);
  const titleOf = useTitle();
  const nameOf = useAccountName();
  const { amountOf } = usePlanWords();
  const { textState, measured } = stream;
  const plan = stream.plans[0];
  return (
    <li className="market__row">
      <DataPrint bars={stream.print} size="large" />
      <div className="market__words">
        <div className="row wrap">
          <Link to="/market/streams/$stream" params={{ stream: stream.id }} className="t-h market__title"><bdi>{titleOf(stream) ?? t('market:no_title')}</bdi></Link>
          {textState !== 'ready' && <Pill tone={TEXT_TONES[textState]}>{t(`market:text.${textState}`)}</Pill>}
          {stream.mine && <Tag>{t('market:mine')}</Tag>}
          {stream.mySubscription !== null && <Tag>{t('market.subscribed')}</Tag>}
        </div>
        <p className="c-2 market__summary"><bdi>{stream.summary ?? stream.textReason ?? t('market:text.wait')}</bdi></p>
        <p className="t-small c-2 row wrap market__facts">
          <Address address={stream.owner} name={nameOf(stream.owner)} />
          {stream.columns.length > 0 && <span>{t('market.columns', { count: stream.columns.length })}</span>}
          <span>{t('market.gateways', { count: stream.gateways })}</span>
          <span>{t(`market:category.${stream.category}`)}</span>
        </p>
      </div>
      <div className="market__price">
        <span className="t-h market__figure no-wrap">{plan === undefined ? '–' : amountOf(plan)}</span>
        {plan !== undefined && <span className="t-small c-3">{t(`per.${plan.kind}`)}</span>}
        <span className="t-small c-3">{measured?.ratePerSecond == null ? t('market.not_measured') : t('market.rate', { rate: threeFigures(measured.ratePerSecond) })}</span>
        {stream.status === 'ended' ? <span className="t-small c-warn">{t('market.ended')}</span> : measured?.lastAt != null && <span className="t-small c-3"><Time at={measured.lastAt} style="age" /></span>}
      </div>
    </li>
  );
}
