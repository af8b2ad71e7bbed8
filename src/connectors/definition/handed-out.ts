/**
 * Checks what a definition lets out of this server: to agents, with a credential, and to browsers, in an address.
 * What is not known to go to the provider alone counts as let out, so that a new part of the format does as well.
 */
import { placeUnder, type TokenResponseDefinition } from '../../oauth/definition/token-call.js'
import type { ExecutableMethod } from '../../oauth/definition.js'
import { executable } from '../../oauth/mcp.js'
import { isTemplate, readableNames } from '../../oauth/template.js'
import { apiOf, type ConnectorDefinition, type MethodDefinition } from '../definition.js'
import type { Fault } from './error.js'
import { stringsIn } from './strings.js'

/** Parts of a method whose texts go to the provider alone, in calls of this server, or are for people to read. */
const STAYS = new Set([
  ...['id', 'label', 'type', 'grant', 'status', 'endsOn', 'mode', 'auth', 'transport', 'registration'],
  ...['connectionFields', 'accountFields', 'scopes', 'registrationParams', 'callback'],
  ...['discovery', 'token', 'further', 'steps', 'refresh', 'introspect', 'requestToken', 'accessToken', 'proof'],
  ...['afterConnect', 'identity', 'verify', 'revoke'],
])
/** Parts of a role's definition (AWS) that go to STS alone. */
const STAYS_WITH_STS = new Set(['accessKeyId', 'secretAccessKey', 'roleArn', 'externalId', 'stsUrl'])
/** Parts from which the browser gets addresses. */
const SEEN_BY_BROWSERS = new Set(['authorize', 'install'])

/** What the holder of an access token must never read: what renews it. */
const NEVER = /^(app\.client_secret|(token|step\d+)(\.\w+)?\.refresh)$/

/** Faults of what is let out and holds what renews a grant, or, for a browser, anything that is secret. */
export function handedOut(
  definition: ConnectorDefinition,
  method: MethodDefinition,
  runs: ExecutableMethod,
  path: string,
): Fault[] {
  const secret = secretNames(method)
  const isSecret = (name: string) => NEVER.test(name) || /^(token|step\d+)\./.test(name) || isPartOf(name, secret)
  const names = namesLetOut(definition, method, runs).flatMap(({ part, at, name }) => {
    if (SEEN_BY_BROWSERS.has(part) && isSecret(name))
      return [{ path: `${path}${at}`, reason: `puts {${name}}, which is secret, into an address that a browser opens` }]
    return NEVER.test(name)
      ? [{ path: `${path}${at}`, reason: `hands out {${name}}, which stays with this server` }]
      : []
  })
  const places = responsesIn(runs, path).flatMap(({ path, response }) =>
    readPlaces(response).flatMap(([at, place]) =>
      refreshPlaces(response).some((refresh) => overlap(place, refresh))
        ? [{ path: `${path}.${at}`, reason: 'holds the refresh token, which stays with this server' }]
        : [],
    ),
  )
  return [...names, ...places]
}

/** The secret fields of the connection and of the account that a method lets out, such as `connection.app_key`. */
export function secretsHandedOut(definition: ConnectorDefinition, method: MethodDefinition): Set<string> {
  const secret = secretNames(method)
  const names = namesLetOut(definition, method, executable(method)).map(({ name }) => name)
  return new Set(secret.filter((field) => names.some((name) => isPartOf(name, [field]))))
}

function secretNames({ connectionFields, accountFields }: MethodDefinition): string[] {
  const named = (fields: MethodDefinition['accountFields'], namespace: string) =>
    fields.flatMap(({ key, kind, secret = kind === 'secret' || kind === 'pem' }) =>
      secret ? [`${namespace}.${key}`] : [],
    )
  return [...named(connectionFields, 'connection'), ...named(accountFields, 'account')]
}

/** Whether a name is one of the fields, or reads inside one, such as `account.file.private_key`. */
function isPartOf(name: string, fields: readonly string[]): boolean {
  return fields.some((field) => name === field || name.startsWith(`${field}.`))
}

/** A name that is read where the result is let out: the part of the method, and the path in it. */
interface LetOut {
  part: string
  at: string
  name: string
}

function namesLetOut(definition: ConnectorDefinition, method: MethodDefinition, runs: ExecutableMethod): LetOut[] {
  const isRole = runs.type === 'aws' && runs.mode === 'assume_role'
  const { jwt, assertion, ...parts } = { jwt: undefined, assertion: undefined, ...method, ...runs }
  const letOut = namesIn({
    ...Object.fromEntries(
      Object.entries(parts).filter(([part]) => !STAYS.has(part) && !(isRole && STAYS_WITH_STS.has(part))),
    ),
    api: apiOf(definition, method),
  })
  // Whoever gets a signed token reads what it says; not what it was signed with.
  const { header, claims } = jwt ?? assertion ?? {}
  return letOut.some(({ name }) => name === 'jwt') ? [...letOut, ...namesIn({ jwt: { header, claims } })] : letOut
}

function namesIn(parts: Record<string, unknown>): LetOut[] {
  return Object.entries(parts).flatMap(([part, value]) =>
    stringsIn(value, `.${part}`).flatMap(({ path: at, value }) =>
      isTemplate(value) ? readableNames(value).map((name) => ({ part, at, name })) : [],
    ),
  )
}

/** Where an answer has what is handed out or can be read by templates, each with its path in the definition. */
function readPlaces(response: TokenResponseDefinition): [at: string, place: string][] {
  return [
    ['accessToken', placeUnder(response.root, response.accessToken ?? 'access_token')],
    ['scope', placeUnder(response.root, response.scope ?? 'scope')],
    ...Object.entries(response.named ?? {}).map(([name, part]): [string, string] => [
      `named.${name}.accessToken`,
      placeUnder(part.root, part.accessToken ?? 'access_token'),
    ]),
    ...Object.entries(response.capture ?? {}).map(([name, at]): [string, string] => [`capture.${name}`, at]),
  ]
}

/** Where an answer has refresh tokens. */
function refreshPlaces({ root, refreshToken, named }: TokenResponseDefinition): string[] {
  return [
    ...(refreshToken === false ? [] : [placeUnder(root, refreshToken ?? 'refresh_token')]),
    ...Object.values(named ?? {}).map((part) => placeUnder(part.root, part.refreshToken ?? 'refresh_token')),
  ]
}

/** Whether one place is the other, or holds it. */
function overlap(one: string, other: string): boolean {
  if (one === '$' || other === '$') return true
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`)
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
