/** Ctrl K: acts, your own things, the market, the places. It never signs; it opens the sheet. */
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { ArrowDownLeft, ArrowUpRight, Keyboard, Lock, LockOpen, PackageCheck, Search, Store, TriangleAlert, Upload } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNeedsYou } from '../../models/needs-you.ts';
import { pastedKind, useFoundListings } from '../../models/palette.ts';
import { useLock, useWallet } from '../../models/wallet.ts';
import { Identicon } from '../../ui/identicon.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Time } from '../../ui/time.tsx';
import { PLACES } from '../shell/places.ts';
import { useShellState, type Overlay } from '../shell/shell-state.ts';
import { useOpenNeed } from '../requests/use-open-request.ts';
import { useUnlockDialog } from '../unlock/unlock-dialog.tsx';
import './palette.css';

export interface CommandPaletteProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

export function CommandPalette({ open, onClose }: CommandPaletteProps) {
  const { t } = useTranslation('palette');
  return <Modal open={open} onClose={onClose} label={t('title')} className="dialog palette"><PaletteBody onClose={onClose} /></Modal>;
}

function PaletteBody({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['palette', 'shell']);
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const show = useShellState((state) => state.show);
  const wallet = useWallet().data;
  const waiting = useNeedsYou().data ?? [];
  const openNeed = useOpenNeed();
  const found = useFoundListings(text).data ?? [];
  const lock = useLock();
  const askPassword = useUnlockDialog();
  const pasted = pastedKind(text);
  const trimmed = text.trim();
  const go = (act: () => void) => (): void => {
    onClose();
    act();
  };
  const over = (overlay: Overlay) => go(() => show(overlay));

  return (
    <Command label={t('title')} loop>
      <div className="palette__head"><Search aria-hidden /><Command.Input value={text} onValueChange={setText} placeholder={t('placeholder')} data-first-focus="" /><KeyHint keys="Esc" /></div>
      <Command.List className="palette__list">
        <Command.Empty className="palette__empty">{t('nothing')}</Command.Empty>
        {pasted === 'address' && <Group name={t('group.pasted')}><Row value={`${trimmed} send`} icon={<ArrowUpRight aria-hidden />} onSelect={over({ kind: 'send', to: trimmed })}>{t('send_to', { address: trimmed })}</Row></Group>}
        {pasted === 'hash' && (
          <Group name={t('group.pasted')}>
            <Row value={`${trimmed} order`} icon={<PackageCheck aria-hidden />} onSelect={go(() => void navigate({ to: '/orders/$order', params: { order: trimmed.toLowerCase() } }))}>{t('open_order')}</Row>
            <Row value={`${trimmed} listing`} icon={<Store aria-hidden />} onSelect={go(() => void navigate({ to: '/market/$listing', params: { listing: trimmed.toLowerCase() } }))}>{t('open_listing')}</Row>
          </Group>
        )}
        {waiting.length > 0 && (
          <Group name={t('group.needs_you')}>
            {waiting.map((one) => (
              <Row key={one.id} value={`${one.id} ${one.title}`} icon={<TriangleAlert aria-hidden />} aside={one.deadline === null ? null : <span className="c-warn"><Time at={one.deadline} style="left" /></span>} onSelect={go(() => openNeed(one))}>
                {t(`shell:needs.${one.key}`)}{t('shell:colon')}<bdi>{one.title}</bdi>
              </Row>
            ))}
          </Group>
        )}
        <Group name={t('group.do')}>
          <Row value={`send ${t('send')}`} icon={<ArrowUpRight aria-hidden />} aside={<KeyHint keys="Ctrl N" />} onSelect={over({ kind: 'send' })}>{t('send')}</Row>
          <Row value={`receive ${t('receive')}`} icon={<ArrowDownLeft aria-hidden />} onSelect={over({ kind: 'receive' })}>{t('receive')}</Row>
          <Row value={`publish sell ${t('publish')}`} icon={<Upload aria-hidden />} aside={<KeyHint keys="Ctrl Shift N" />} onSelect={go(() => void navigate({ to: '/publish' }))}>{t('publish')}</Row>
          {wallet?.state === 'unlocked' && <Row value={`lock ${t('lock')}`} icon={<Lock aria-hidden />} aside={<KeyHint keys="Ctrl L" />} onSelect={go(() => lock.mutate(undefined))}>{t('lock')}</Row>}
          {wallet?.state === 'locked' && <Row value={`unlock ${t('unlock')}`} icon={<LockOpen aria-hidden />} onSelect={go(askPassword)}>{t('unlock')}</Row>}
          <Row value={`keys ${t('keys')}`} icon={<Keyboard aria-hidden />} aside={<KeyHint keys="?" />} onSelect={over({ kind: 'keys' })}>{t('keys')}</Row>
        </Group>
        {wallet !== undefined && wallet.accounts.length > 0 && (
          <Group name={t('group.yours')}>
            {wallet.accounts.map((account) => (
              <Row key={account.address} value={`${account.name} ${account.address}`} icon={<Identicon address={account.address} size={16} />} onSelect={go(() => void navigate({ to: '/wallet', hash: account.address }))}><bdi>{account.name}</bdi></Row>
            ))}
          </Group>
        )}
        {found.length > 0 && (
          <Group name={t('group.market')}>
            {found.map((listing) => (
              <Row key={listing.id} value={`${listing.id} ${trimmed}`} icon={<Store aria-hidden />} onSelect={go(() => void navigate({ to: '/market/$listing', params: { listing: listing.id } }))}><bdi>{listing.title ?? listing.id}</bdi></Row>
            ))}
          </Group>
        )}
        <Group name={t('group.go')}>
          {PLACES.map((place) => {
            const Icon = place.icon;
            return <Row key={place.path} value={`${place.key} ${t(`shell:place.${place.key}`)}`} icon={<Icon aria-hidden />} aside={<KeyHint keys={`G ${place.letter.toUpperCase()}`} />} onSelect={go(() => void navigate({ to: place.path }))}>{t(`shell:place.${place.key}`)}</Row>;
          })}
        </Group>
      </Command.List>
      <footer className="palette__foot"><KeyHint keys="↑" /><KeyHint keys="↓" />{t('hint.move')}<KeyHint keys="↵" />{t('hint.open')}<span className="grow right">{t('hint.paste')}</span></footer>
    </Command>
  );
}

function Group({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return <Command.Group heading={name} className="palette__group">{children}</Command.Group>;
}

interface RowProps {
  /** What the typed words are compared with. */
  readonly value: string;
  readonly icon: ReactNode;
  readonly aside?: ReactNode;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

function Row({ value, icon, aside, onSelect, children }: RowProps) {
  return <Command.Item value={value} className="palette__row" onSelect={onSelect}>{icon}<span className="grow cut">{children}</span>{aside}</Command.Item>;
}
