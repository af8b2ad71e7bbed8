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

/** Characters of a secret by which it is recognised where it was cut off. */
const RECOGNISED = 16

/** Replaces the secrets of a request in what the provider says, since some providers repeat them. */
export function withoutSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  return secrets.flatMap((secret) => (secret ? formsOf(secret) : [])).reduce(withoutOne, text)
}

/** Messages have a limit, at which a secret may have been cut: what is left of it is replaced as well. */
function withoutOne(text: string, secret: string): string {
  const head = secret.slice(0, RECOGNISED)
  let result = ''
  let from = 0
  for (let at = text.indexOf(head); at >= 0; at = text.indexOf(head, from)) {
    let end = at + head.length
    while (end - at < secret.length && text[end] === secret[end - at]) end++
    result += `${text.slice(from, at)}…`
    from = end
  }
  return result + text.slice(from)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * A secret as it was sent, and as it may stand in an address, a form, JSON, HTML or a debugging message. The longer
 * ones first: what one of them has taken out, a shorter one no longer finds a part of.
 */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const form = new URLSearchParams([['', secret]]).toString().slice(1)
  const address = encodeURIComponent(secret.toWellFormed())
  const json = JSON.stringify(secret).slice(1, -1)
  const lowered = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  const forms = [
    ...[secret, secret.toUpperCase(), secret.toLowerCase(), secret.replace(/\s+/g, ' ').trim()],
    ...[form, address, lowered(form), lowered(address), encodeURIComponent(address)],
    ...[json, json.replaceAll('/', '\\/')],
    secret.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character),
    ...[bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')],
    ...[bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
  ]
  return [...new Set(forms)].sort((one, other) => other.length - one.length)
}

/** `: description` without a final full stop, to append to a sentence; empty where there is no description. */
export function appendix(description: unknown, longest: number): string {
  return typeof description === 'string' && description ? `: ${plain(description, longest).replace(/\.$/, '')}` : ''
}
