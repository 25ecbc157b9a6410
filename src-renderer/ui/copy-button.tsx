/** Copies a text and says so. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Tooltip } from './tooltip.tsx';
import './address.css';

const SAID_MILLIS = 1600;

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied: "Copy address". */
  readonly label: string;
  /** With the words beside the icon. */
  readonly worded?: boolean;
}

export function CopyButton({ text, label, worded = false }: CopyButtonProps) {
  const { t } = useTranslation('ui');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MILLIS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  if (worded) return <Button size="small" icon={copied ? <Check aria-hidden className="c-ok" /> : <Copy aria-hidden />} onClick={copy}><span role="status">{copied ? t('copied') : label}</span></Button>;
  return (
    <Tooltip text={copied ? t('copied') : label}>
      <button type="button" className="copy" aria-label={label} onClick={copy}>
        {copied ? <Check aria-hidden className="c-ok" /> : <Copy aria-hidden />}
        <span className="unseen" role="status">{copied ? t('copied') : ''}</span>
      </button>
    </Tooltip>
  );
}
