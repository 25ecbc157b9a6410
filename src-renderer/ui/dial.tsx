/** The motif: twelve seats, filled clockwise by a share. */
import { sectorPath } from './sector.ts';

const SEATS = 12;

export interface DialProps {
  /** 0..1 of the way round; null stands still and empty. */
  readonly share: number | null;
  readonly size?: number;
}

export function Dial({ share, size = 22 }: DialProps) {
  const full = share === null ? 0 : Math.floor(share * SEATS);
  const fillOf = (seat: number): string => (seat < full || (share !== null && seat === full) ? 'var(--accent)' : 'var(--line-strong)');
  return (
    <svg width={size} height={size} viewBox="-11 -11 22 22" aria-hidden="true" style={{ flex: 'none' }}>
      {Array.from({ length: SEATS }, (_, seat) => (
        <path key={seat} d={sectorPath(seat, SEATS, 9, 6, 6)} fill={fillOf(seat)} opacity={share !== null && seat === full ? 0.45 : 1} />
      ))}
      {share !== null && <circle r="2.2" fill="var(--accent)" />}
    </svg>
  );
}
