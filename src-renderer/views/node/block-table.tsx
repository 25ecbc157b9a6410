/** The newest blocks. */
import { useTranslation } from 'react-i18next';
import type { BlockView } from '../../../src-node/api/contract/index.ts';
import { grouped, percent } from '../../models/format.ts';
import { useBlocks } from '../../models/node.ts';
import { Address } from '../../ui/address.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';

const SHOWN = 12;

export function BlockTable() {
  const { t } = useTranslation('node');
  const columns: readonly Column<BlockView>[] = [
    { key: 'number', header: t('blocks.number'), width: '104px', cell: ({ number }) => <span className="t-medium">{grouped(number)}</span> },
    { key: 'age', header: t('blocks.age'), width: '108px', cell: ({ at }) => <span className="c-2"><Time at={at} style="age" /></span> },
    { key: 'proposer', header: t('blocks.proposer'), cell: ({ proposer, impeach }) => (impeach ? <Pill tone="warn">{t('blocks.missed')}</Pill> : proposer === null ? '–' : <Address address={proposer} />) },
    { key: 'signatures', header: t('blocks.signatures'), width: '96px', align: 'right', optional: true, cell: ({ signatures }) => signatures },
    { key: 'transactions', header: t('blocks.transactions'), width: '100px', align: 'right', cell: ({ transactions }) => transactions },
    { key: 'gas', header: t('blocks.gas'), width: '84px', align: 'right', cell: ({ gasUsed, gasLimit }) => <span className="c-2">{gasLimit === 0 ? '–' : percent(gasUsed / gasLimit)}</span> },
  ];
  return (
    <Panel plain title={t('blocks.title')} query={useBlocks(SHOWN)} rows={8} empty={(data) => (data.length === 0 ? <Empty title={t('blocks.none')}>{t('blocks.none_text')}</Empty> : null)}>
      {(data) => <DataTable label={t('blocks.title')} columns={columns} rows={data} rowKey={({ hash }) => hash} height="tight" />}
    </Panel>
  );
}
