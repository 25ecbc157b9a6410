/** Drawing of the dial: ring sectors, clockwise from the top. */

const GAP_DEGREES = 2.2;

/** SVG path of cell `index` of `count` between two radii. */
export function sectorPath(index: number, count: number, outer: number, inner: number, gap = GAP_DEGREES): string {
  const step = 360 / count;
  const from = index * step + gap / 2;
  const to = (index + 1) * step - gap / 2;
  const large = to - from > 180 ? 1 : 0;
  return `M${point(outer, from)}A${outer} ${outer} 0 ${large} 1 ${point(outer, to)}L${point(inner, to)}A${inner} ${inner} 0 ${large} 0 ${point(inner, from)}Z`;
}

/** "x y" at an angle in degrees, clockwise from the top. */
export function point(radius: number, degrees: number): string {
  const angle = (degrees * Math.PI) / 180;
  return `${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`;
}
