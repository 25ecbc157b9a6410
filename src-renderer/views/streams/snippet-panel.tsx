/** How a program of this machine reads the same rows. The ticket is copied apart, so that it lands in no text. */
import { useTranslation } from 'react-i18next';
import { duration, type Language } from '../../models/format.ts';
import { useSnippets, useSnippetTicket } from '../../models/streams.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Snippet } from '../../ui/snippet.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { toast } from '../../ui/toast.ts';

const TEXTS = ['curl', 'javascript', 'python'] as const;

export function SnippetPanel({ channel }: { readonly channel: string }) {
  const { t, i18n } = useTranslation('streams');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const ticket = useSnippetTicket(channel);
  const copy = (): void => ticket.mutate(undefined, { onSuccess: ({ ticket: text, endsAt }) => {
    void navigator.clipboard.writeText(text).then(() => toast(t('snippet.copied'), { text: t('snippet.ends', { time: duration(endsAt - Date.now(), language) }) }));
  } });
  return (
    <Panel title={t('snippet.title')} query={useSnippets(channel)} rows={3}>
      {(snippets) => (
        <>
          <Tabs label={t('snippet.title')} tabs={TEXTS.map((id) => ({ id, label: t(`snippet.tabs.${id}`), content: <Snippet code={snippets[id]} label={t(`snippet.copy.${id}`)} /> }))} />
          <div className="row apart above-2"><span className="t-small c-3">{t('snippet.text')}</span><Button size="small" busy={ticket.isPending ? t('running') : false} onClick={copy}>{t('snippet.ticket')}</Button></div>
          {ticket.error !== null && <ErrorPanel error={ticket.error} />}
        </>
      )}
    </Panel>
  );
}
