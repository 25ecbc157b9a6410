/** The gateways that a stream can name, as each answers now. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useOfferedGateways } from '../../models/streams-desk.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Panel } from '../../ui/panel.tsx';

export function GatewayChoice({ chosen, onChange }: { readonly chosen: readonly string[]; readonly onChange: (chosen: readonly string[]) => void }) {
  const { t } = useTranslation('stream-desk');
  return (
    <Panel plain query={useOfferedGateways()} rows={2} empty={(all) => (all.length > 0 ? null : <p className="c-2">{t('new.no_gateways')} <Link to="/gateway">{t('new.own_gateway')}</Link></p>)}>
      {(all) => (
        <div className="streams-desk__checks">
          {all.map(({ id, name, state, roundTripMillis, mine }) => (
            <Checkbox key={id} checked={chosen.includes(id)} onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))} help={mine ? t('new.here') : roundTripMillis !== null && (state === 'ready' || state === 'behind') ? t('new.answers', { millis: roundTripMillis }) : t('new.no_answer')}>
              <bdi className="t-mono">{name}</bdi>
            </Checkbox>
          ))}
        </div>
      )}
    </Panel>
  );
}
