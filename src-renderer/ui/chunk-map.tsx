/** Where each part of one's own copy stands: not here, here and sealed, opened and verified, wrong. */
import { useTranslation } from 'react-i18next';
import './chunk-map.css';

export interface ChunkMapProps {
  readonly chunks: number;
  readonly sealed: number;
  readonly verified: number;
  readonly bad: readonly number[];
}

const MAX_CELLS = 512;

export function ChunkMap({ chunks, sealed, verified, bad }: ChunkMapProps) {
  const { t } = useTranslation('orders');
  const perCell = Math.max(1, Math.ceil(chunks / MAX_CELLS));
  const cells = Math.ceil(chunks / perCell);
  const stateOf = (cell: number): string => {
    const last = Math.min(chunks, (cell + 1) * perCell);
    if (bad.some((chunk) => Math.floor(chunk / perCell) === cell)) return 'bad';
    return last <= verified ? 'verified' : last <= sealed ? 'sealed' : 'empty';
  };
  return (
    <figure className="chunk-map">
      <div className="chunk-map__cells" role="img" aria-label={t('map.label', { chunks, sealed, verified, bad: bad.length })}>
        {Array.from({ length: cells }, (_, cell) => <span key={cell} className={`chunk-map__cell chunk-map__cell--${stateOf(cell)}`} />)}
      </div>
      <figcaption className="chunk-map__legend t-small c-2">
        {(['empty', 'sealed', 'verified', ...(bad.length > 0 ? ['bad'] : [])] as const).map((state) => <span key={state}><span className={`chunk-map__cell chunk-map__cell--${state}`} aria-hidden />{t(`map.${state}`)}</span>)}
        <span className="chunk-map__scale">{t('map.scale', { count: perCell })}</span>
      </figcaption>
    </figure>
  );
}
