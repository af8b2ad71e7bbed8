import { createHash, randomBytes } from 'node:crypto'

/**
 * The answer to an HTTP Digest challenge (RFC 7616 §3.4), with `qop=auth`.
 *
 * @param challenge the WWW-Authenticate header of a 401
 * @returns the value of the Authorization header; null where the challenge is of a type that is not supported here
 */
export function digestHeader(
  challenge: string,
  call: { method: string; url: URL },
  username: string,
  password: string,
): string | null {
  if (!/^digest\s/i.test(challenge)) return null
  const parameters = Object.fromEntries(
    [...challenge.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map(([, name = '', quoted, bare]) => [
      name.toLowerCase(),
      quoted ?? bare ?? '',
    ]),
  )
  const algorithm = parameters.algorithm ?? 'MD5'
  const hash = { MD5: 'md5', 'SHA-256': 'sha256' }[algorithm.toUpperCase()]
  const { realm, nonce } = parameters
  if (
    !hash ||
    realm === undefined ||
    nonce === undefined ||
    (parameters.qop !== undefined && !parameters.qop.split(/\s*,\s*/).includes('auth'))
  )
    return null
  const digest = (text: string) => createHash(hash).update(text).digest('hex')
  const uri = call.url.pathname + call.url.search
  const cnonce = randomBytes(16).toString('hex')
  const count = '00000001'
  const ha1 = digest(`${username}:${realm}:${password}`)
  const ha2 = digest(`${call.method}:${uri}`)
  const response =
    parameters.qop === undefined
      ? digest(`${ha1}:${nonce}:${ha2}`)
      : digest(`${ha1}:${nonce}:${count}:${cnonce}:auth:${ha2}`)
  const parts = [
    `username="${username.replace(/["\\]/g, '\\$&')}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `algorithm=${algorithm}`,
    `response="${response}"`,
    ...(parameters.qop === undefined ? [] : ['qop=auth', `nc=${count}`, `cnonce="${cnonce}"`]),
    ...(parameters.opaque === undefined ? [] : [`opaque="${parameters.opaque}"`]),
  ]
  return `Digest ${parts.join(', ')}`
}
