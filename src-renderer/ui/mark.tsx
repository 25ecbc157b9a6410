/** The logo: ten of twelve seats form a C, one is yours. */
import { sectorPath } from './sector.ts';

const YOURS = 1;
const OPEN = [2, 3];

export function Mark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="-11 -11 22 22" aria-hidden="true" style={{ flex: 'none' }}>
      {Array.from({ length: 12 }, (_, seat) => seat)
        .filter((seat) => !OPEN.includes(seat))
        .map((seat) => <path key={seat} d={sectorPath(seat, 12, 10.6, 6.2, 5)} fill={seat === YOURS ? 'var(--accent)' : 'currentColor'} />)}
    </svg>
  );
}
