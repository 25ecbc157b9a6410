/** Where you are, the palette, the node, the notices, the account. */
import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { KeyHint } from '../../ui/key-hint.tsx';
import { AccountMenu } from './account-menu.tsx';
import { NodeState } from './node-state.tsx';
import { Notices } from './notices.tsx';
import './top-bar.css';

export interface TopBarProps {
  readonly place: string;
  readonly onSearch: () => void;
}

export function TopBar({ place, onSearch }: TopBarProps) {
  const { t } = useTranslation('shell');
  return (
    <header className="top-bar">
      <span className="grow t-h cut">{place}</span>
      <button type="button" className="top-bar__find" onClick={onSearch} aria-keyshortcuts="Control+K">
        <Search aria-hidden /><span className="cut">{t('find')}</span><span aria-hidden><KeyHint keys="Ctrl K" /></span>
      </button>
      <NodeState />
      <span className="top-bar__rule" />
      <Notices />
      <AccountMenu />
    </header>
  );
}
