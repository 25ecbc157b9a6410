/** Staking: the term that runs, the deposit explained, joining and leaving. */
import { useTranslation } from 'react-i18next';
import { cpc, duration, type Language } from '../../models/format.ts';
import { useRNode } from '../../models/rnode.ts';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { JoinPanel } from './join-panel.tsx';
import { MemberTable } from './member-table.tsx';
import { OwnDeposits } from './own-deposits.tsx';
import { TermRing } from './term-ring.tsx';
import './rnode.css';

export function RNodePage() {
  const { t, i18n } = useTranslation('rnode');
  const query = useRNode();
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const view = query.data;
  const own = view?.members.filter((member) => member.mine) ?? [];
  const mine = own.length > 0;
  const words = { amount: view?.threshold == null ? '–' : cpc(view.threshold), time: view?.lockMillis == null ? '–' : duration(view.lockMillis, language) };
  return (
    <>
      <div className="rnode">
        <TermRing />
        <div>
          <h1 className="rnode__title">{t(mine ? 'title_member' : 'title')}</h1>
          <p className="t-lead c-2 above-1">{t(mine ? 'lead_member' : 'lead', words)}</p>
          <Panel plain query={query} empty={(data) => (data.state === 'ready' ? null : <Empty title={t(`state.${data.state}`)}>{t(`state_text.${data.state}`)}</Empty>)}>
            {(data) => <>{mine && <OwnDeposits members={own} />}<JoinPanel view={data} /></>}
          </Panel>
        </div>
      </div>
      <div className="above-6">
        <Panel title={t('members.title')} aside={<span className="t-small c-3">{t('members.note')}</span>} query={query} empty={(data) => (data.members.length === 0 ? <p className="c-3 above-2">{t('members.none')}</p> : null)}>
          {(data) => <MemberTable members={data.members} />}
        </Panel>
      </div>
    </>
  );
}
