/** JWTs that Valetkey signs (RFC 7519): assertions for a grant, a client's proof, and an account's own tokens. */
import { createSecretKey, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { ValetkeyError } from '../../errors.js'
import type { JwtDefinition } from '../definition/values.js'
import { render, renderJson, type TemplateScope } from '../template.js'
import { readPrivateKey } from './private-key.js'

/** Seconds by which `iat` lies in the past, for providers whose clocks are behind ours. */
const CLOCK_SKEW = 10

/**
 * @param now seconds since 1970
 * @param audience the `aud` where the definition has no claims of its own: the token endpoint (RFC 7523 §3)
 * @returns the JWT, and when it expires
 * @throws {ValetkeyError} BAD_USER_INPUT for a key that cannot sign with this algorithm
 */
export async function makeJwt(
  definition: JwtDefinition,
  scope: TemplateScope,
  now: number,
  audience = '',
): Promise<{ jwt: string; expiresAt: Date }> {
  const { alg, header, ttl } = definition
  const claims = definition.claims ?? {
    iss: '{app.client_id}',
    sub: '{app.client_id}',
    aud: audience,
    jti: randomUUID(),
  }
  const issuedAt = now - CLOCK_SKEW
  const rendered = Object.fromEntries(
    Object.entries(renderJson(claims, scope) as Record<string, unknown>).filter(([, value]) => value !== ''),
  )
  const headers = Object.fromEntries(
    Object.entries(header).flatMap(([name, source]) =>
      render(source, scope) === '' ? [] : [[name, render(source, scope)]],
    ),
  )
  try {
    const jwt = await new SignJWT(rendered)
      .setProtectedHeader({ typ: 'JWT', ...headers, alg })
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ttl)
      .sign(signingKey(definition, scope))
    return { jwt, expiresAt: new Date((issuedAt + ttl) * 1000) }
  } catch (error) {
    if (error instanceof ValetkeyError) throw error
    throw new ValetkeyError(
      'BAD_USER_INPUT',
      `The key cannot sign with ${alg}: it is of another kind, or too short.`,
      undefined,
      error,
    )
  }
}

function signingKey({ alg, key, keyEncoding, passphrase }: JwtDefinition, scope: TemplateScope) {
  const material = render(key, scope)
  if (alg === 'HS256') return createSecretKey(Buffer.from(material, keyEncoding))
  return readPrivateKey(material, passphrase && render(passphrase, scope))
}
