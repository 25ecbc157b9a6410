import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { showFolder } from '../../models/desktop.ts';
import { bytes } from '../../models/format.ts';
import { Button } from '../../ui/button.tsx';

export function OrderFiles({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation('orders');
  const { files, folder, sha256 } = order.copy;
  if (files.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="files">
      <header className="panel__head"><h2 id="files" className="t-h">{t('files.title')}</h2>{folder !== null && showFolder !== null && <Button size="small" onClick={() => showFolder?.(folder)}>{t('files.show')}</Button>}</header>
      <ul className="order__files ruled">
        {files.map(({ path, bytes: size }) => (
          <li key={path} className="row apart">
            <bdi className="t-mono cut">{path}</bdi>
            <span className="row"><span className="c-2">{bytes(size)}</span>{showFolder === null && <a download href={`/files/${order.id}?path=${encodeURIComponent(path)}`}>{t('files.save')}</a>}</span>
          </li>
        ))}
      </ul>
      {folder !== null && <p className="t-small c-2 order__path">{t('files.folder')} <span className="t-mono">{folder}</span></p>}
      {sha256 !== null && <p className="t-small c-2 order__path">SHA-256 <span className="t-mono">{sha256}</span></p>}
    </section>
  );
}
