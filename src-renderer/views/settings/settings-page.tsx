/** Applied at once; there is no Save. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppStatus } from '../../models/app.ts';
import { Panel } from '../../ui/panel.tsx';
import { AboutSection } from './about-section.tsx';
import { LookSection } from './look-section.tsx';
import { MarketSection } from './market-section.tsx';
import { NetworkSection } from './network-section.tsx';
import { SecuritySection } from './security-section.tsx';
import './settings.css';

const SECTIONS = { look: LookSection, security: SecuritySection, market: MarketSection, network: NetworkSection, about: AboutSection } as const;
type SectionName = keyof typeof SECTIONS;
const NAMES = Object.keys(SECTIONS) as readonly SectionName[];

export function SettingsPage() {
  const { t } = useTranslation('settings');
  const status = useAppStatus();
  const [section, setSection] = useState<SectionName>('look');
  const Section = SECTIONS[section];
  return (
    <div className="settings">
      <aside className="settings__side">
        <h1 className="settings__title">{t('title')}</h1>
        <nav aria-label={t('sections')}>
          {NAMES.map((name) => <button key={name} type="button" className={name === section ? 'settings__link settings__link--on' : 'settings__link'} aria-current={name === section ? 'page' : undefined} onClick={() => setSection(name)}>{t(`section.${name}`)}</button>)}
        </nav>
      </aside>
      <section className="settings__body" aria-label={t(`section.${section}`)}>
        <h2 className="t-title">{t(`section.${section}`)}</h2>
        <Panel plain query={status}>{(data) => <Section status={data} />}</Panel>
      </section>
    </div>
  );
}
