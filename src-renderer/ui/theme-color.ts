/** Colours of the tokens as a canvas takes them, in the theme that holds now. */

let known = new Map<string, string>();
const listeners = new Set<() => void>();
let following = false;

/** "rgb(11, 102, 96)" of "--c1". `place`: an element of the page. */
export function themeColor(place: HTMLElement, token: string): string {
  follow();
  const found = known.get(token);
  if (found !== undefined) return found;
  // Only a property that holds a colour is computed to one; the token itself stays "light-dark(…)".
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  place.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  known.set(token, color);
  return color;
}

/** @returns the function that stops it */
export function onThemeChange(listener: () => void): () => void {
  follow();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function follow(): void {
  if (following) return;
  following = true;
  const changed = (): void => {
    known = new Map();
    for (const listener of listeners) listener();
  };
  new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}
