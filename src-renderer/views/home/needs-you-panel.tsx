/** Work with a clock, what runs out first on top. */
import { useTranslation } from 'react-i18next';
import type { NeedsYou } from '../../../src-node/api/contract/index.ts';
import { isDoneByUnlocking, useNeedsYou } from '../../models/needs-you.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useOpenNeed } from '../requests/use-open-request.ts';
import { useUnlockDialog } from '../unlock/unlock-dialog.tsx';

/** From here on a clock is shown as urgent. */
const URGENT_MILLIS = 6 * 3_600_000;

export function NeedsYouPanel() {
  const { t } = useTranslation(['home', 'shell']);
  const query = useNeedsYou();
  const open = useOpenNeed();
  const now = useNow();
  const askPassword = useUnlockDialog();
  const act = (one: NeedsYou): void => (isDoneByUnlocking(one) ? askPassword() : open(one));
  const columns: readonly Column<NeedsYou>[] = [
    { key: 'clock', header: t('needs.clock'), width: '112px', cell: ({ deadline }) => (deadline === null ? <span className="c-3">{t('shell:no_clock')}</span> : <span className={deadline - now < URGENT_MILLIS ? 'c-warn t-h' : 't-medium'}><Time at={deadline} style="left" /></span>) },
    { key: 'what', header: t('needs.what'), cell: (one) => <span className="two-lines"><span className="t-medium">{t(`shell:needs.${one.key}`)}{t('shell:colon')}<bdi>{one.title}</bdi></span><small>{t(`shell:needs_note.${one.key}`)}</small></span> },
    { key: 'amount', header: 'CPC', width: '130px', align: 'right', optional: true, cell: ({ amount }) => (amount === null ? '' : <Amount value={amount} decimals={2} unit />) },
    { key: 'act', header: t('needs.act'), width: '150px', align: 'right', cell: (one) => <Button onClick={(event) => { event.stopPropagation(); act(one); }}>{t(`shell:needs_act.${one.key}`)}</Button> },
  ];
  return (
    <div className="above-6">
      <Panel title={t('needs.title')} aside={query.data !== undefined && query.data.length > 1 && <span className="t-small c-3">{t('needs.sorted')}</span>} query={query} rows={1} empty={(data) => (data.length === 0 ? <p className="c-3 home__quiet">{t('needs.nothing')}</p> : null)}>
        {(data) => <DataTable label={t('needs.title')} columns={columns} rows={data} rowKey={({ id }) => id} onOpen={open} headless />}
      </Panel>
    </div>
  );
}
