/** Puts the look that was chosen in the settings on the document; components read it through tokens only. */
import type { Settings } from '../src-node/api/contract/index.ts';

type Look = Pick<Settings, 'theme' | 'density' | 'moveLess'>;

const KEPT = 'look';

export function applyLook({ theme, density, moveLess }: Look): void {
  show({ theme, density, moveLess });
  localStorage.setItem(KEPT, JSON.stringify({ theme, density, moveLess }));
}

/** The look of the last time, until the node has said which one is chosen: a dark window does not begin white. */
export function recallLook(): void {
  try {
    const { theme, density, moveLess } = JSON.parse(localStorage.getItem(KEPT) ?? '') as Partial<Look>;
    show({ theme: theme === 'light' || theme === 'dark' ? theme : 'system', density: density === 'compact' ? density : 'comfortable', moveLess: moveLess === true });
  } catch {
    // nothing kept, or not by this version: the system's look stands
  }
}

function show({ theme, density, moveLess }: Look): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
  dataset['density'] = density;
  dataset['motion'] = moveLess ? 'less' : 'normal';
}
