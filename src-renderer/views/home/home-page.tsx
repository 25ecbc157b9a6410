/** What you own, what needs you, what moved. */
import { useTranslation } from 'react-i18next';
import { Holdings } from './holdings.tsx';
import { LastMovements } from './last-movements.tsx';
import { NeedsYouPanel } from './needs-you-panel.tsx';
import { RunningNow } from './running-now.tsx';
import { TermDial } from './term-dial.tsx';
import './home.css';

export function HomePage() {
  const { t } = useTranslation('home');
  return (
    <>
      <h1 className="unseen">{t('title')}</h1>
      <div className="home__top"><Holdings /><TermDial /></div>
      <NeedsYouPanel />
      <div className="home__bottom"><LastMovements /><RunningNow /></div>
    </>
  );
}
