/** Epochs and keys: which run now, how far they are out, and what to do when one was lost. */
import { useTranslation } from 'react-i18next';
import type { PublishedStreamView } from '../../../src-node/api/contract/index.ts';
import { duration, grouped, shortHash, type Language } from '../../models/format.ts';
import { usePublisherSteps } from '../../models/streams-desk.ts';
import { Address } from '../../ui/address.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Time } from '../../ui/time.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { Fact, Facts } from '../node/facts.tsx';
import '../node/node.css';

export function KeysTab({ stream: { card, keys, checkpoints: { plan, last }, publisher, epochMillis, ahead, peekDelayMillis, state } }: { readonly stream: PublishedStreamView }) {
  const { t, i18n } = useTranslation('stream-desk');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { act } = usePublisherSteps();
  const signing = useSigning();
  const busy = signing.pending ? t('running') : false;
  const ended = state === 'ended' ? t('cannot.ended') : undefined;
  return (
    <div className="streams-desk__two">
      <Facts>
        <Fact name={t('keys.publisher')}><Address address={publisher} copy /></Fact>
        <Fact name={t('keys.generation')}>{grouped(keys.generation)}</Fact>
        <Fact name={t('keys.epoch')}>{grouped(keys.epoch)} <span className="c-3">· <Time at={keys.epochEndsAt} style="left" /> {t('keys.left')}</span></Fact>
        <Fact name={t('keys.out')}>{grouped(keys.handedOutTo)}</Fact>
        <Fact name={t('keys.length')}>{duration(epochMillis, language)}</Fact>
        <Fact name={t('keys.ahead')}>{t('keys.epochs', { count: ahead })}</Fact>
        <Fact name={t('keys.revocation')}>{t('keys.within', { time: duration(epochMillis * (ahead + 1), language) })}</Fact>
        <Fact name={t('keys.peek')}>{peekDelayMillis === null ? t('keys.no_peek') : t('keys.peek_delay', { time: duration(peekDelayMillis, language) })}</Fact>
        <Fact name={t('keys.run')}>{keys.runId === null ? '–' : <span className="t-mono">{shortHash(keys.runId)}</span>}</Fact>
        <Fact name={t('keys.checkpoints')}>{t(`keys.checkpoint_of.${plan?.every ?? 'never'}`)}{plan !== null && <span className="c-3"> · {t('keys.checkpoint_until')} <Time at={plan.until} style="point" /></span>}</Fact>
        <Fact name={t('keys.checkpoint_last')}>{last === null ? t('keys.checkpoint_none') : <><Time at={last.at} style="age" /> <span className="c-3">· {t('keys.checkpoint_at', { number: grouped(last.number), seq: grouped(last.lastSeq) })}</span></>}</Fact>
      </Facts>
      <div className="streams-desk__acts">
        <section><h3 className="t-h">{t('keys.new_title')}</h3><p className="c-2">{t('keys.new_text')}</p><Button busy={busy} disabledReason={ended} onClick={() => signing.propose(() => act(card.id, 'new-generation'))}>{t('keys.new')}</Button></section>
        <section><h3 className="t-h">{t('keys.end_title')}</h3><p className="c-2">{t('keys.end_text')}</p><Button variant="danger" busy={busy} disabledReason={ended} onClick={() => signing.propose(() => act(card.id, 'end'))}>{t('keys.end')}</Button></section>
        {signing.error !== null && <ErrorPanel error={signing.error} />}
      </div>
    </div>
  );
}
