/** Where toasts appear: bottom right, six seconds, longer while the pointer rests on them. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { StatusIcon } from './status-icon.tsx';
import { useToasts, type Toast } from './toast.ts';
import './toaster.css';

const SHOWN_MILLIS = 6000;
const TICK_MILLIS = 500;

export function Toaster() {
  const { t } = useTranslation('ui');
  const { entries, dismiss } = useToasts();
  const layer = useRef<HTMLDivElement>(null);
  // Shown again with each arrival, so that it stands above a sheet that was opened since.
  useEffect(() => {
    layer.current?.hidePopover();
    if (entries.length > 0) layer.current?.showPopover();
  }, [entries]);
  useEffect(() => {
    const newest = entries.at(-1);
    if (newest === undefined) return;
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) dismiss(newest.id);
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [entries, dismiss]);
  return (
    <div ref={layer} popover="manual" className="toaster" role="status" aria-label={t('toasts')}>
      {entries.map((entry) => <ToastCard key={entry.id} entry={entry} onDone={() => dismiss(entry.id)} />)}
    </div>
  );
}

function ToastCard({ entry, onDone }: { readonly entry: Toast; readonly onDone: () => void }) {
  const card = useRef<HTMLDivElement>(null);
  const done = useRef(onDone);
  useEffect(() => { done.current = onDone; });
  useEffect(() => {
    let shown = 0;
    // Asked each time: a sheet that opens while the pointer rests here lets nobody hear that it has left.
    const timer = setInterval(() => {
      shown = card.current?.matches(':hover') === true ? 0 : shown + TICK_MILLIS;
      if (shown >= SHOWN_MILLIS) done.current();
    }, TICK_MILLIS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div ref={card} className="toast">
      <span className={`c-${entry.tone === 'idle' ? '3' : entry.tone}`}><StatusIcon tone={entry.tone} /></span>
      <div className="grow">
        <p className="t-h">{entry.title}</p>
        {entry.text !== undefined && <p className="t-small c-2">{entry.text}</p>}
      </div>
      {entry.action !== undefined && <Button size="small" onClick={() => { entry.action?.run(); onDone(); }}>{entry.action.label}</Button>}
    </div>
  );
}
