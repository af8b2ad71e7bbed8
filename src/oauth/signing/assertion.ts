/** Makes the JWT of a call: `{jwt}` of its templates, or the client's assertion (RFC 7523). */

import { clock } from '../../clock.js'
import type { CodeMethod } from '../definition/oauth2.js'
import type { ClientAuth, TokenRequestDefinition } from '../definition/token-call.js'
import type { JwtDefinition } from '../definition/values.js'
import type { ExecutableMethod } from '../definition.js'
import { type ConnectionSetup, scopeOf } from '../setup.js'
import { render, type TemplateScope, templateNames } from '../template.js'
import { makeJwt } from './jwt.js'

/** RFC 7523 §2.2 with the client's secret: the default for `client_secret_jwt`. */
const BY_SECRET: JwtDefinition = { alg: 'HS256', key: '{app.client_secret}', keyEncoding: 'utf8', header: {}, ttl: 300 }

/** The JWT for a call of the token endpoint; undefined where the method has none. @throws {ValetkeyError} */
export async function jwtForTokenEndpoint(
  method: ExecutableMethod,
  { clientAuth, url }: TokenRequestDefinition,
  scope: TemplateScope,
): Promise<string | undefined> {
  const definition = assertionOf(method, clientAuth)
  return definition && (await makeJwt(definition, scope, clock.seconds(), render(url, scope))).jwt
}

/** The client's assertion for another endpoint, whose address is the audience. @throws {ValetkeyError} */
export async function jwtForEndpoint(
  method: ExecutableMethod,
  url: URL,
  scope: TemplateScope,
): Promise<string | undefined> {
  const definition = assertionOf(method, 'client_secret_jwt')
  return definition && (await makeJwt(definition, scope, clock.seconds(), url.origin + url.pathname)).jwt
}

/** The JWT for a call of the API; undefined where the method has none. @throws {ValetkeyError} */
export async function jwtForApi(method: ExecutableMethod, scope: TemplateScope): Promise<string | undefined> {
  return method.type === 'signed_jwt' || method.type === 'app_installation'
    ? (await makeJwt(method.jwt, scope, clock.seconds())).jwt
    : undefined
}

/**
 * Tries the key that a connection signs with, so that one that cannot be read is found when it is entered.
 *
 * @throws {ValetkeyError} BAD_USER_INPUT
 */
export async function assertSigns(setup: ConnectionSetup) {
  const { method } = setup
  const definition = 'jwt' in method ? method.jwt : 'assertion' in method ? method.assertion : undefined
  if (!definition || definition.alg === 'HS256') return
  const { key, passphrase = '' } = definition
  const scope = scopeOf(setup, {})
  const isOfAccount = [key, passphrase].flatMap(templateNames).some((name) => !/^(app|connection)\./.test(name))
  if (isOfAccount || render(key, scope) === '') return
  await makeJwt({ ...definition, header: {}, claims: {} }, scope, clock.seconds())
}

function assertionOf(method: ExecutableMethod, clientAuth: ClientAuth): JwtDefinition | undefined {
  if (method.type === 'app_installation') return method.jwt
  const { assertion } = method as Partial<CodeMethod>
  return assertion ?? (clientAuth === 'client_secret_jwt' ? BY_SECRET : undefined)
}
