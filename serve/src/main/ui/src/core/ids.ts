/**
 * A random identifier. `crypto.randomUUID` is only there in secure contexts, and the page may be
 * served over plain HTTP to another machine.
 */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
