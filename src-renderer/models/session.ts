/** The headless shell's session: the one-time code of the printed address becomes a cookie that no script can read. */

export type SessionState = 'accepted' | 'refused' | 'unreachable';

/** Takes the code out of the address bar at once, so that it is in no history and no bookmark. */
export function takeCode(location: Location, history: History): string {
  const code = /^#code=([\w-]+)/.exec(location.hash)?.[1] ?? '';
  if (code !== '') history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  return code;
}

/** With an empty code it asks whether the cookie of an earlier visit still holds. */
export async function openSession(code: string): Promise<SessionState> {
  try {
    const response = await fetch('/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ code }) });
    return response.ok ? 'accepted' : 'refused';
  } catch {
    return 'unreachable'; // the program does not run (yet): asked again with the next attempt
  }
}
