/** What waits for the user, and what came of his own acts: behind the bell, the newest first. */
import { Link } from '@tanstack/react-router';
import { Bell } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { activityPath, useActivities } from '../../models/activity.ts';
import { needsYouPath, useNeedsYou } from '../../models/needs-you.ts';
import { Pill } from '../../ui/pill.tsx';
import type { Tone } from '../../ui/status-icon.tsx';
import { Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useOpenNeed } from '../requests/use-open-request.ts';
import './notices.css';

const REMEMBERED = 12;
const TONES: Readonly<Partial<Record<string, Tone>>> = { final: 'ok', failed: 'bad', replaced: 'bad' };

export function Notices() {
  const { t } = useTranslation(['shell', 'sheet']);
  const [open, setOpen] = useState(false);
  const now = useNow();
  const waiting = useNeedsYou().data ?? [];
  const acts = (useActivities(REMEMBERED).data ?? []).toSorted((one, other) => other.createdAt - one.createdAt);
  const close = (): void => setOpen(false);
  const openNeed = useOpenNeed();
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="notices__bell" aria-label={waiting.length === 0 ? t('notices.title') : t('notices.waiting', { count: waiting.length })}>
        <Bell aria-hidden />{waiting.length > 0 && <span className="notices__dot" aria-hidden />}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="notices" align="end" sideOffset={6} aria-label={t('notices.title')}>
          <h2 className="t-h notices__head">{t('notices.title')}</h2>
          {waiting.length + acts.length === 0 && <p className="c-3 notices__none">{t('notices.none')}</p>}
          <ul className="ruled">
            {waiting.map((one) => (
              <li key={one.id}>
                <Link {...needsYouPath(one)} className="notices__item" onClick={(event) => { event.preventDefault(); close(); openNeed(one); }}>
                  <span className="grow"><span className="t-medium">{t(`needs.${one.key}`)}{t('colon')}<bdi>{one.title}</bdi></span><small>{t(`needs_note.${one.key}`)}</small></span>
                  {one.deadline !== null && <span className={one.deadline > now ? 'c-warn t-medium' : 'c-bad t-medium'}><Time at={one.deadline} style="left" /></span>}
                </Link>
              </li>
            ))}
            {acts.map((act) => (
              <li key={act.id}>
                <Link {...activityPath(act)} className="notices__item" onClick={close}>
                  <span className="grow"><span>{t(`sheet:kind.${act.kind}.title`)}{act.title !== '' && <>{t('colon')}<bdi>{act.title}</bdi></>}</span><small><Time at={act.createdAt} style="age" /></small></span>
                  <Pill tone={TONES[act.state] ?? 'wait'}>{t(`sheet:state.${act.state}`)}</Pill>
                </Link>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
