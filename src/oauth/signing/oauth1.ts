/** OAuth 1.0a (RFC 5849): signs requests. The sections below are those of RFC 5849. */
import { createHmac, randomBytes, sign } from 'node:crypto'
import { clock } from '../../clock.js'
import { readPrivateKey } from './private-key.js'

/** The signature methods of §3.4, and HMAC-SHA256. */
export type SignatureMethod = 'HMAC-SHA1' | 'HMAC-SHA256' | 'RSA-SHA1' | 'PLAINTEXT'

/** The keys that sign a request. */
export interface OAuth1Keys {
  consumerKey: string
  /** For RSA-SHA1 a private key in PEM. */
  consumerSecret: string
  token?: string
  tokenSecret?: string
}

/**
 * Makes the Authorization header of a signed request.
 *
 * @param call a form body's parameters are signed; any other body is not (§3.4.1.3.1)
 * @param extra further protocol parameters, such as oauth_callback and oauth_verifier
 * @param fixed for tests: nonce, and time in seconds since 1970
 * @returns the value of the Authorization header (§3.5.1)
 * @throws {ValetkeyError} BAD_USER_INPUT for an RSA key that cannot be read
 */
export function authorizationHeader(
  call: { method: string; url: URL; form?: readonly (readonly [string, string])[] },
  keys: OAuth1Keys,
  signatureMethod: SignatureMethod,
  extra: Record<string, string> = {},
  fixed?: { nonce: string; timestamp: number },
): string {
  const protocol: Record<string, string> = {
    oauth_consumer_key: keys.consumerKey,
    ...(keys.token === undefined ? {} : { oauth_token: keys.token }),
    oauth_signature_method: signatureMethod,
    oauth_timestamp: String(fixed?.timestamp ?? Math.floor(clock.seconds())),
    oauth_nonce: fixed?.nonce ?? randomBytes(16).toString('hex'),
    oauth_version: '1.0',
    ...extra,
  }
  const base = signatureBase(call, protocol)
  const parameters = { ...protocol, oauth_signature: signature(base, keys, signatureMethod) }
  return `OAuth ${Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}="${encode(value)}"`)
    .join(', ')}`
}

/** The signature base string (§3.4.1). */
function signatureBase(
  { method, url, form = [] }: Parameters<typeof authorizationHeader>[0],
  protocol: Record<string, string>,
): string {
  const parameters = [...url.searchParams, ...form, ...Object.entries(protocol)]
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return [method.toUpperCase(), encode(`${url.protocol}//${url.host}${url.pathname}`), encode(parameters)].join('&')
}

function signature(base: string, { consumerSecret, tokenSecret = '' }: OAuth1Keys, method: SignatureMethod): string {
  const key = `${encode(consumerSecret)}&${encode(tokenSecret)}`
  switch (method) {
    case 'PLAINTEXT':
      return key
    case 'HMAC-SHA1':
      return createHmac('sha1', key).update(base).digest('base64')
    case 'HMAC-SHA256':
      return createHmac('sha256', key).update(base).digest('base64')
    case 'RSA-SHA1':
      return sign('sha1', Buffer.from(base), readPrivateKey(consumerSecret)).toString('base64')
  }
}

/** Percent encoding (§3.6). */
function encode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Sorts by bytes, not by the collation of a language (§3.4.1.3.2). */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
