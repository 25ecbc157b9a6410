/** URL of a sibling module started as a worker or child process: `.ts` when run from source, `.js` when built. */
export function moduleUrl(name: string, callerUrl: string): URL {
  return new URL(`${name}${callerUrl.endsWith('.ts') ? '.ts' : '.js'}`, callerUrl);
}
