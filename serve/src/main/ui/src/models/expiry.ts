export type Expiry = { kind: 'never' } | { kind: 'minutes'; minutes: number } | { kind: 'unknown' };

const YEAR_MINUTES = 365 * 24 * 60;

/** When a loaded model goes; a time far away is how Ollama's API says "never". */
export function expiry(expires: string | undefined, now: number): Expiry {
  const at = Date.parse(expires ?? '');
  if (Number.isNaN(at)) {
    return { kind: 'unknown' };
  }
  const minutes = Math.max(1, Math.ceil((at - now) / 60_000));
  return at < now - YEAR_MINUTES * 60_000 || minutes > YEAR_MINUTES
    ? { kind: 'never' }
    : { kind: 'minutes', minutes };
}
