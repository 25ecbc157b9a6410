/** The frame of every page: rail, top bar, page region. The page scrolls, never the window. */
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isOfAPage, isSellers, useNeedsYou } from '../../models/needs-you.ts';
import { classNames } from '../../ui/class-names.ts';
import { ConfirmProvider } from '../confirm/confirm-provider.tsx';
import { useShortcuts } from '../palette/use-shortcuts.ts';
import { RequestStrip } from '../requests/request-strip.tsx';
import { UnlockProvider } from '../unlock/unlock-dialog.tsx';
import { OfflineStrip } from './offline-strip.tsx';
import { Overlays } from './overlays.tsx';
import { placeOf } from './places.ts';
import { Rail } from './rail.tsx';
import { useShellState } from './shell-state.ts';
import { TopBar } from './top-bar.tsx';
import { useNarrow } from './use-narrow.ts';
import './shell.css';

export function Shell() {
  return <UnlockProvider><ConfirmProvider><Frame /></ConfirmProvider></UnlockProvider>;
}

function Frame() {
  const { t } = useTranslation('shell');
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { folded: foldedByUser, show } = useShellState();
  const folded = useNarrow() || foldedByUser;
  const place = placeOf(path);
  const page = useRef<HTMLElement>(null);
  const waiting = (useNeedsYou().data ?? []).filter(isOfAPage);
  const sales = waiting.filter(isSellers).length;
  const badges = { purchases: waiting.length - sales, desk: sales };
  useShortcuts();
  useEffect(() => { page.current?.scrollTo(0, 0); }, [path]);
  return (
    <div className={classNames('app', folded && 'app--folded')}>
      <a className="app__skip" href="#page" onClick={(event) => { event.preventDefault(); page.current?.focus(); }}>{t('skip')}</a>
      <Rail badges={badges} current={place} folded={folded} />
      <div className="app__main">
        <TopBar place={place === undefined ? '' : t(`place.${place.key}`)} onSearch={() => show({ kind: 'palette' })} />
        <OfflineStrip />
        <RequestStrip />
        <main id="page" ref={page} className="page" data-scroll="" tabIndex={-1}><div className="page__content"><Outlet /></div></main>
      </div>
      <Overlays />
    </div>
  );
}
