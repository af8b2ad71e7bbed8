/** Checks that a definition hands out no more than access: what renews it stays with this server. */
import type { TokenResponseDefinition } from '../../oauth/definition/token-call.js'
import type { ExecutableMethod } from '../../oauth/definition.js'
import { isTemplate, readableNames } from '../../oauth/template.js'
import { apiOf, type ConnectorDefinition, type MethodDefinition } from '../definition.js'
import type { Fault } from './error.js'
import { stringsIn } from './strings.js'

/** What the holder of an access token must never read. */
const NEVER = ['app.client_secret', 'token.refresh']

/** Faults of what goes to agents (`apply`, the API's address, tokens of an answer) and holds what renews a grant. */
export function handedOut(
  definition: ConnectorDefinition,
  method: MethodDefinition,
  runs: ExecutableMethod,
  path: string,
): Fault[] {
  const names = namesHandedOut(definition, method).flatMap(({ at, name }) =>
    NEVER.includes(name) ? [{ path: `${path}${at}`, reason: `hands out {${name}}, which stays with this server` }] : [],
  )
  const places = responsesIn(runs, path).flatMap(({ path, response }) => {
    const root = response.root ? `${response.root}.` : ''
    const refresh = response.refreshToken === false ? null : `${root}${response.refreshToken ?? 'refresh_token'}`
    const others: [string, string][] = [
      ['accessToken', `${root}${response.accessToken ?? 'access_token'}`],
      ['scope', `${root}${response.scope ?? 'scope'}`],
      ...Object.entries(response.named ?? {}).map(([name, part]): [string, string] => [
        `named.${name}.accessToken`,
        `${part.root ? `${part.root}.` : ''}${part.accessToken ?? 'access_token'}`,
      ]),
      ...Object.entries(response.capture ?? {}).map(([name, at]): [string, string] => [`capture.${name}`, at]),
    ]
    return others.flatMap(([at, place]) =>
      place === refresh
        ? [{ path: `${path}.${at}`, reason: 'is the refresh token, which stays with this server' }]
        : [],
    )
  })
  return [...names, ...places]
}

/** The secret fields of the connection's form that a method hands out, such as the app's own key of an API. */
export function secretsHandedOut(definition: ConnectorDefinition, method: MethodDefinition): Set<string> {
  const secret = method.connectionFields.filter((field) => field.secret ?? ['secret', 'pem'].includes(field.kind))
  const names = new Set(namesHandedOut(definition, method).map(({ name }) => name))
  return new Set(secret.map(({ key }) => key).filter((key) => names.has(`connection.${key}`)))
}

function namesHandedOut(definition: ConnectorDefinition, method: MethodDefinition): { at: string; name: string }[] {
  const apply = 'apply' in method ? method.apply : undefined
  return stringsIn({ apply, api: { baseUrl: apiOf(definition, method).baseUrl } }, '').flatMap(({ path, value }) =>
    isTemplate(value) ? readableNames(value).map((name) => ({ at: path, name })) : [],
  )
}

/** Every `response` of a call in a method. */
function responsesIn(value: unknown, path: string): { path: string; response: TokenResponseDefinition }[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'response' && inner !== null && typeof inner === 'object'
      ? [{ path: `${path}.response`, response: inner as TokenResponseDefinition }]
      : responsesIn(inner, `${path}.${key}`),
  )
}
