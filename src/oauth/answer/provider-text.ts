/** What a provider writes for people, made safe to show to them. */

/** Without control characters and line breaks, and no longer than `longest` characters. */
export function plain(words: string, longest: number): string {
  return words
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, longest)
}

/** Some providers repeat what they refuse: `words` without the secrets that were sent. */
export function withoutSecrets(words: string, secrets: readonly (string | undefined)[]): string {
  return secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '…') : text), words)
}

/** `: description` to append to a sentence that ends with a full stop of its own; empty where there is none. */
export function appendix(description: unknown, longest: number): string {
  return typeof description === 'string' && description ? `: ${plain(description, longest).replace(/\.$/, '')}` : ''
}
