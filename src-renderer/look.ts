/** Puts the look that was chosen in the settings on the document; components read it through tokens only. */
import type { Settings } from '../src-node/api/contract/index.ts';

export function applyLook({ theme, density, moveLess }: Pick<Settings, 'theme' | 'density' | 'moveLess'>): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
  dataset['density'] = density;
  dataset['motion'] = moveLess ? 'less' : 'normal';
}
