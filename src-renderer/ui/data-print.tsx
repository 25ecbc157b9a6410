/** The face of a data set: bars from its statistics, the same for everybody; where there are none yet, the line that they would stand on. Decorative. */
import './data-print.css';

export function DataPrint({ bars, size = 'small' }: { readonly bars: readonly number[]; readonly size?: 'small' | 'large' }) {
  const width = 100 / Math.max(bars.length, 1);
  return (
    <svg className={`data-print data-print--${size}${bars.length === 0 ? ' data-print--empty' : ''}`} viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden>
      {bars.map((bar, i) => <rect key={i} x={i * width + width * 0.15} width={width * 0.7} y={40 - bar * 40} height={bar * 40} />)}
    </svg>
  );
}
