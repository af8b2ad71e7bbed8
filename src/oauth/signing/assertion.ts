/** Which JWT goes on a call, as `{jwt}` of its templates or as the client's proof (RFC 7523). */

import type { CodeMethod } from '../definition/oauth2.js'
import type { ClientAuth, TokenRequestDefinition } from '../definition/token-call.js'
import type { JwtDefinition } from '../definition/values.js'
import type { ExecutableMethod } from '../definition.js'
import { render, type TemplateScope } from '../template.js'
import { makeJwt } from './jwt.js'

/** RFC 7523 §2.2 with the client's secret: the default for `client_secret_jwt`. */
const BY_SECRET: JwtDefinition = { alg: 'HS256', key: '{app.client_secret}', keyEncoding: 'utf8', header: {}, ttl: 300 }

/** For a call of the token endpoint; undefined where the method makes none. */
export async function jwtForTokenEndpoint(
  method: ExecutableMethod,
  { clientAuth, url }: TokenRequestDefinition,
  scope: TemplateScope,
): Promise<string | undefined> {
  const definition = assertionOf(method, clientAuth)
  return definition && (await makeJwt(definition, scope, Date.now() / 1000, render(url, scope))).jwt
}

/** The client's proof for an endpoint that is not the token endpoint: its address is the audience. */
export async function jwtForEndpoint(
  method: ExecutableMethod,
  url: URL,
  scope: TemplateScope,
): Promise<string | undefined> {
  const definition = assertionOf(method, 'client_secret_jwt')
  return definition && (await makeJwt(definition, scope, Date.now() / 1000, url.origin + url.pathname)).jwt
}

/** For a call of the API; undefined where the method's calls carry none. */
export async function jwtForApi(method: ExecutableMethod, scope: TemplateScope): Promise<string | undefined> {
  return method.type === 'signed_jwt' || method.type === 'app_installation'
    ? (await makeJwt(method.jwt, scope, Date.now() / 1000)).jwt
    : undefined
}

function assertionOf(method: ExecutableMethod, clientAuth: ClientAuth): JwtDefinition | undefined {
  if (method.type === 'app_installation') return method.jwt
  const { assertion } = method as Partial<CodeMethod>
  return assertion ?? (clientAuth === 'client_secret_jwt' ? BY_SECRET : undefined)
}
