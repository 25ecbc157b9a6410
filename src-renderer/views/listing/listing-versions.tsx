import { useTranslation } from 'react-i18next';
import type { ListingView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped, shortHash, zoneLabel } from '../../models/format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Time } from '../../ui/time.tsx';

type Version = ListingView['versions'][number];

export function ListingVersions({ versions }: { readonly versions: readonly Version[] }) {
  const { t } = useTranslation('listing');
  const columns: readonly Column<Version>[] = [
    { key: 'no', header: t('versions.no'), width: '90px', cell: ({ no }) => <span className="t-medium">{t('version', { no })}</span> },
    { key: 'added', header: t('versions.added', { zone: zoneLabel(Date.now()) }), width: '130px', cell: ({ addedAt }) => <Time at={addedAt} style="point" /> },
    { key: 'kept', header: t('versions.kept'), width: '130px', optional: true, cell: ({ retentionUntil }) => <Time at={retentionUntil} style="point" /> },
    { key: 'root', header: t('versions.root'), cell: ({ dataRoot }) => <span className="row"><span className="t-mono c-2">{shortHash(dataRoot)}</span><CopyButton text={dataRoot} label={t('versions.copy_root')} /></span> },
    { key: 'size', header: t('size'), width: '90px', align: 'right', cell: ({ totalBytes }) => bytes(totalBytes) },
    { key: 'chunks', header: t('versions.chunks'), width: '90px', align: 'right', cell: ({ chunkCount }) => grouped(chunkCount) },
  ];
  return <DataTable label={t('tab.versions')} columns={columns} rows={versions} rowKey={({ no }) => String(no)} height="tight" />;
}
