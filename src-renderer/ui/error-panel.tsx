/** What happened, what it means, one next step; the code in Details. One panel fails, never the page. */
import { OctagonX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { useErrorText } from './error-text.ts';
import './note.css';

export interface ErrorPanelProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}

export function ErrorPanel({ error, onRetry }: ErrorPanelProps) {
  const { t } = useTranslation('ui');
  const facts = useErrorText()(error);
  return (
    <div className="error-panel" role="alert">
      <OctagonX aria-hidden />
      <div className="grow">
        <p className="t-h">{facts.message}</p>
        {facts.help !== null && <p className="c-2">{facts.help}</p>}
        {onRetry && <div className="error-panel__actions"><Button size="small" onClick={onRetry}>{t('try_again')}</Button></div>}
        <details>
          <summary>{t('details')}</summary>
          <span className="t-mono">{facts.code}{Object.entries(facts.meta).map(([name, value]) => ` · ${name} ${String(value)}`)}</span>
        </details>
      </div>
    </div>
  );
}
