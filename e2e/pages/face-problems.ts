/** What is wrong with the page as it stands, in words; runs inside the page. */

export function faceProblems(): readonly string[] {
  const SMALLEST_PIXELS = 11;
  const problems = new Set<string>();
  const scope = document.querySelector('dialog[open]') ?? document.body;
  const name = (element: Element): string => `<${element.localName} class="${element.getAttribute('class') ?? ''}">`;
  const clips = (value: string): boolean => value === 'hidden' || value === 'clip';
  const scrolls = (value: string): boolean => value === 'auto' || value === 'scroll';

  /** The first ancestor that hides a part of this rectangle, if the reader is not told of it. */
  const cutBy = (start: Element, rect: DOMRect): Element | 'window' | null => {
    let acrossOpen = true;
    let downOpen = true;
    for (let at: Element | null = start; at !== null && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      if (acrossOpen && scrolls(style.overflowX)) acrossOpen = false;
      if (downOpen && scrolls(style.overflowY)) downOpen = false;
      const told = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none' || at.hasAttribute('title');
      if (acrossOpen && clips(style.overflowX) && (rect.right > box.right + 1 || rect.left < box.left - 1)) return told ? null : at;
      if (downOpen && clips(style.overflowY) && rect.bottom > box.bottom + 2) return told ? null : at;
      if (style.position === 'fixed') break;
    }
    return acrossOpen && (rect.right > innerWidth + 1 || rect.left < -1) ? 'window' : null;
  };

  /** The box the text was laid out in, or null when the text stays inside of it. */
  const spilledFrom = (start: Element, rect: DOMRect): Element | null => {
    let at: Element | null = start;
    while (at !== null && ['inline', 'contents'].includes(getComputedStyle(at).display)) at = at.parentElement;
    if (at === null || getComputedStyle(at).overflowX !== 'visible') return null;
    const box = at.getBoundingClientRect();
    return rect.right > box.right + 1.5 || rect.left < box.left - 1.5 ? at : null;
  };

  /** Kept for those who listen to the page: a box of one pixel, or letters without a size. */
  const unseen = (element: Element): boolean => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) if (at.getBoundingClientRect().width <= 1 && clips(getComputedStyle(at).overflowX)) return true;
    return parseFloat(getComputedStyle(element).fontSize) === 0;
  };

  const pixels = (element: Element): number => {
    const size = parseFloat(getComputedStyle(element).fontSize);
    return element instanceof SVGGraphicsElement ? size * (element.getScreenCTM()?.a ?? 1) : size;
  };

  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.nodeValue?.trim() ?? '';
    if (element === null || text === '' || element.closest('[inert], script, style') !== null || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || unseen(element)) continue;
    const shown = JSON.stringify(text.slice(0, 60));
    if (pixels(element) < SMALLEST_PIXELS - 0.05) problems.add(`${shown} is ${pixels(element).toFixed(1)} px small`);
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width === 0) continue;
      const by = cutBy(element, rect);
      if (by !== null) problems.add(`${shown} is cut by ${by === 'window' ? 'the window' : name(by)}`);
      const box = spilledFrom(element, rect);
      if (box !== null) problems.add(`${shown} runs out of ${name(box)}`);
    }
  }

  for (const element of [document.documentElement, document.body, ...document.querySelectorAll('main, dialog[open], dialog[open] [data-body]')]) {
    if (element.scrollWidth > element.clientWidth + 1) problems.add(`${name(element)} is ${element.scrollWidth - element.clientWidth} px wider than its place`);
  }
  // What is to scroll lies in them: they themselves would move as a whole when something hidden in them is focused or searched.
  for (const element of [document.documentElement, ...document.querySelectorAll('dialog[open]')]) {
    if (element.scrollHeight > element.clientHeight + 1) problems.add(`${name(element)} is ${element.scrollHeight - element.clientHeight} px higher than its place`);
  }
  const visible = (selector: string): number => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility({ visibilityProperty: true })).length;
  if (visible('h1') !== 1) problems.add(`${visible('h1')} first headings`);
  if (visible('.button--sign') > 1) problems.add(`${visible('.button--sign')} patina buttons`);
  return [...problems];
}
