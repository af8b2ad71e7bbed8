import type { EgressRequest } from '../../egress/exchange.js'
import type { OAuthClient } from './token-request.js'

/** The secrets of a token request, which must not be quoted where the provider repeats them in its answer. */
export function secretsIn(
  { body, headers }: EgressRequest,
  client: OAuthClient,
  standard: Record<string, string>,
): (string | undefined)[] {
  const values =
    headers?.['content-type'] === 'application/json'
      ? stringsIn(JSON.parse(body ?? 'null'))
      : [...new URLSearchParams(body).values()]
  const harmless = [client.id, standard.scope, standard.grant_type, standard.redirect_uri]
  const parameters = values.filter((value) => mayBeSecret(value) && !harmless.includes(value))
  return [
    client.secret,
    standard.code,
    standard.code_verifier,
    standard.refresh_token,
    standard.assertion,
    headers?.authorization,
    ...parameters,
  ]
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : []
}

/** What says who asks for what: the provider's message may have to repeat it. */
const HARMLESS_PARAMETERS = new Set(['client_id', 'scope', 'grant_type', 'redirect_uri', 'resource', 'audience'])
const HARMLESS_HEADERS = new Set(['accept', 'accept-encoding', 'content-length', 'content-type', 'host', 'user-agent'])

/** The secrets of any request: what is in its headers, its address and its body, and is not known to be harmless. */
export function secretsOf({ url, headers = {}, body }: EgressRequest): string[] {
  const parameters = [...url.searchParams, ...(textsOf(body) ?? new URLSearchParams(body))].flatMap(([name, value]) =>
    HARMLESS_PARAMETERS.has(name) ? [] : [value],
  )
  const carried = Object.entries(headers).flatMap(([name, value]) =>
    HARMLESS_HEADERS.has(name.toLowerCase()) ? [] : partsOf(value),
  )
  return [...parameters, ...carried].filter(mayBeSecret)
}

/** Short values, numbers and plain words are not secret, and the provider's message may have to name them. */
function mayBeSecret(value: string): boolean {
  return value.length >= 16 && !/^(urn:|arn:|https?:)|^[a-z_ ]+$|^\d+$/.test(value)
}

/** A header, what follows its scheme, the parameters in it, and the password that Basic encodes. */
function partsOf(header: string): string[] {
  const [, encoded = ''] = /^basic (\S+)$/i.exec(header) ?? []
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':')
  return [header, ...header.split(/[\s,;="]+/), password.join(':') || user]
}

/** The texts in a body of JSON; null where it is none. */
function textsOf(body = ''): [name: string, text: string][] | null {
  try {
    return textsIn(JSON.parse(body))
  } catch {
    return null
  }
}

/** The texts in a JSON value, each with its name. */
export function textsIn(value: unknown, name = ''): [name: string, text: string][] {
  if (typeof value === 'string') return [[name, value]]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, Array.isArray(value) ? name : key))
}
