/** Makes texts of providers safe to show. */

import { storable } from '../../text.js'

/** Without control characters and line breaks, and no longer than `longest` characters. */
export function plain(words: string, longest: number): string {
  return storable(words)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, longest)
    .toWellFormed()
}

/** Replaces the secrets of a request in the provider's message, since some providers repeat them. */
export function withoutSecrets(message: string, secrets: readonly (string | undefined)[]): string {
  return secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '…') : text), message)
}

/** `: description` without a final full stop, to append to a sentence; empty where there is no description. */
export function appendix(description: unknown, longest: number): string {
  return typeof description === 'string' && description ? `: ${plain(description, longest).replace(/\.$/, '')}` : ''
}
