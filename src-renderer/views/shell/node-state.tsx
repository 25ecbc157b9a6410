/** Head block and its age, always visible; opens the Node page. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../../models/api-context.ts';
import { duration, grouped, type Language } from '../../models/format.ts';
import { nodeHealth, termShare, useNode } from '../../models/node.ts';
import { Dial } from '../../ui/dial.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';

const TONES = { ok: 'ok', behind: 'warn', starting: 'wait', stopped: 'bad', offline: 'warn' } as const;

export function NodeState() {
  const { t, i18n } = useTranslation('shell');
  const { data: node, error } = useNode();
  const { status } = useConnection();
  const now = useNow();
  // Asked and not answered yet: nothing is known, so nothing is said.
  if (node === undefined && error === null && status === 'open') return <span className="node-state" aria-hidden />;
  const health = nodeHealth(node, status, now, error !== null);
  const head = node?.head ?? null;
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const lag = head === null ? '' : duration(now - head.at, language);
  return (
    <Link to="/node" className="node-state">
      {health === 'ok' && node !== undefined ? <Dial share={termShare(node)} /> : <span className={`c-${TONES[health]} node-state__mark`}><StatusIcon tone={TONES[health]} /></span>}
      {node !== undefined && node.network !== 'mainnet' && <span className="node-state__network">{t(`network.${node.network}`, { defaultValue: node.network })}</span>}
      {health === 'ok' && head !== null ? (
        <span><b>{grouped(head.number)}</b> <span className="c-3">· <Time at={head.at} style="age" /></span></span>
      ) : (
        <span><b>{t(`health.${health}`)}</b>{head !== null && health !== 'starting' && <span className="c-3"> · {t(`health_note.${health}`, { lag })}</span>}</span>
      )}
    </Link>
  );
}
