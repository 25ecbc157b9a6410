/** One term of the committee: views are tracks from outside in, seats are sectors, the needle stands after the head block. */
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CommitteeTable } from './committee-table.tsx';
import { point, sectorPath } from './sector.ts';
import './committee-ring.css';

const OUTER = 136;
const HOLE = 74;
const TRACK_GAP = 4;
const NUMBER_GAP = 11;
const PAST = { earlier: 0.62, current: 0.82 } as const;

export interface CommitteeRingProps {
  /** Seats of a term. */
  readonly termLen: number;
  /** Blocks in a row of the whole committee, that is rounds of a term. */
  readonly viewLen: number;
  /** Block of this term that the head is at, 0-based; null while unknown. */
  readonly block: number | null;
  /** 0-based seats that are yours. */
  readonly mine?: readonly number[];
  readonly size?: number;
  /** The one figure in the middle, and the words below it. */
  readonly figure?: ReactNode;
  /** A word above the figure. */
  readonly over?: ReactNode;
  readonly caption?: ReactNode;
  /** Numbers of the seats around it; for a large one only. */
  readonly numbered?: boolean;
  /** One sentence that says what the drawing says. */
  readonly label: string;
}

export function CommitteeRing({ termLen, viewLen, block, mine = [], size = 172, figure, over, caption, numbered = false, label }: CommitteeRingProps) {
  const { t } = useTranslation('ui');
  const [asTable, setAsTable] = useState(false);
  const track = (OUTER - HOLE) / viewLen;
  const head = block ?? -1;
  const press = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 't') return;
    event.stopPropagation();
    setAsTable((shown) => !shown);
  };
  const cells = Array.from({ length: termLen * viewLen }, (_, index) => {
    const view = Math.floor(index / termLen);
    const seat = index % termLen;
    const outer = OUTER - view * track;
    const past = index <= head;
    const yours = mine.includes(seat);
    const state = past ? (yours ? 'mine-past' : 'past') : yours ? 'mine-next' : 'next';
    const opacity = state === 'past' ? (Math.floor(head / termLen) > view ? PAST.earlier : PAST.current) : 1;
    return <path key={index} className={`ring__cell ring__cell--${state}`} opacity={opacity} d={sectorPath(seat, termLen, outer, outer - track + TRACK_GAP)} />;
  });
  const turn = ((head + 1) % termLen) * (360 / termLen);
  return (
    <figure className="ring" tabIndex={0} onKeyDown={press} aria-label={label} aria-description={t('ring.table_key')}>
      {asTable ? (
        <CommitteeTable termLen={termLen} viewLen={viewLen} block={block} mine={mine} />
      ) : (
        <svg width={size} height={size} viewBox="-150 -150 300 300" role="img" aria-label={label}>
          {cells}
          {block !== null && <line className="ring__needle" x1={point(HOLE + 8, 0).split(' ')[0]} y1={-(HOLE + 8)} x2="0" y2={-(OUTER + 12)} style={{ transform: `rotate(${turn}deg)` }} />}
          {numbered && Array.from({ length: termLen }, (_, seat) => {
            const [x, y] = point(OUTER + NUMBER_GAP, (seat + 0.5) * (360 / termLen)).split(' ');
            return <text key={seat} className={mine.includes(seat) ? 'ring__seat ring__seat--mine' : 'ring__seat'} textAnchor="middle" dominantBaseline="central" x={x} y={y}>{seat + 1}</text>;
          })}
          {over !== undefined && <text className="ring__caption" textAnchor="middle" y="-22">{over}</text>}
          <text className="ring__figure" textAnchor="middle" y={caption === undefined ? 12 : 2}>{figure}</text>
          {caption !== undefined && <text className="ring__caption" textAnchor="middle" y="26">{caption}</text>}
        </svg>
      )}
    </figure>
  );
}
