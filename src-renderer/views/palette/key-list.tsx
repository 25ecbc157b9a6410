/** Every key, in one list. */
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/dialog.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import './palette.css';

/** Keys and the name of what they do: `palette.key.<name>`. */
const KEYS: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'palette'], ['/', 'search'], ['?', 'keys'], ['G H', 'home'], ['G W', 'wallet'], ['G M', 'market'], ['G P', 'purchases'], ['G S', 'streams'], ['G L', 'desk'],
  ['G R', 'rnode'], ['G N', 'node'], ['Ctrl N', 'send'], ['Ctrl Shift N', 'publish'], ['J  K', 'rows'], ['Enter', 'open'], ['[  ]', 'tabs'],
  ['Ctrl Enter', 'primary'], ['T', 'table'], ['Ctrl B', 'rail'], ['Ctrl L', 'lock'], ['Esc', 'close'],
];

export function KeyList({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('palette');
  return (
    <Dialog open={open} onClose={onClose} title={t('keys')} width={600}>
      <dl className="key-list">
        {KEYS.map(([keys, name]) => <div key={name} className="key-list__line"><dt><KeyHint keys={keys} /></dt><dd>{t(`key.${name}`)}</dd></div>)}
      </dl>
      <p className="t-small c-3 above-3">{t('never_signs')}</p>
    </Dialog>
  );
}
