/** Checks that a definition declares every name that its templates read. */

import type { TokenRequestDefinition } from '../../oauth/definition/token-call.js'
import { type ExecutableMethod, redirects } from '../../oauth/definition.js'
import { needsDiscovery } from '../../oauth/discovery.js'
import { TemplateError, templateNames } from '../../oauth/template.js'
import { apiOf, type ConnectorDefinition, type MethodDefinition } from '../definition.js'
import type { Fault } from './error.js'
import { stringsIn } from './strings.js'

/** Characters of what is wrong with a template, which quotes it. */
const LONGEST_REASON = 200

/** Names that every template may read. */
const ALWAYS_DECLARED = [
  'app.client_id',
  'app.client_secret',
  'connection.scopes',
  'token.access',
  'token.refresh',
  'server.public_url',
  'server.callback_url',
  'server.callback_host',
  'server.name',
  'request.method',
  'request.path',
  'request.body',
  'now',
  'uuid',
  'nonce',
]

/** Names that only discovery provides. */
const DISCOVERED = [
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'userinfo_endpoint',
  'issuer',
  'iss',
  'resource',
]

/** Faults of templates with undeclared names. @param runs the executable definition of `method` */
export function undeclaredNames(
  definition: ConnectorDefinition,
  method: MethodDefinition,
  runs: ExecutableMethod,
  path: string,
): Fault[] {
  const declared = declaredNames(definition, method, runs)
  const jsonFields = jsonFieldPrefixes(method)
  const isDeclared = (name: string) =>
    declared.has(name) || name.startsWith('callback.') || jsonFields.some((prefix) => name.startsWith(prefix))
  const read = { ...method, ...runs, connectionFields: [], accountFields: [], api: apiOf(definition, method) }
  return stringsIn(read, path).flatMap(({ path, value }) => {
    try {
      return templateNames(value)
        .filter((name) => !isDeclared(name))
        .map((name) => ({
          path,
          reason: name.startsWith('discovered.')
            ? 'is missing, and there is no discovery that would find it'
            : `reads {${name}}, which nothing declares`,
        }))
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      return [{ path, reason: `is no template: ${error.message.slice(0, LONGEST_REASON)}` }]
    }
  })
}

function declaredNames(definition: ConnectorDefinition, method: MethodDefinition, runs: ExecutableMethod): Set<string> {
  return new Set([
    ...ALWAYS_DECLARED,
    ...method.connectionFields.map(({ key }) => `connection.${key}`),
    ...method.accountFields.map(({ key }) => `account.${key}`),
    ...Object.values(definition.environments ?? {}).flatMap((values) => Object.keys(values).map((key) => `env.${key}`)),
    ...(needsDiscovery(method) ? DISCOVERED.map((name) => `discovered.${name}`) : []),
    ...(makesJwt(runs) ? ['jwt'] : []),
    ...namesFromAnswers(runs),
  ])
}

function makesJwt(runs: ExecutableMethod): boolean {
  return (
    ('assertion' in runs && runs.assertion !== undefined) ||
    'jwt' in runs ||
    ('token' in runs && runs.token.clientAuth === 'client_secret_jwt')
  )
}

/** Templates read inside the value of a JSON field: `{account.file.private_key}`. */
function jsonFieldPrefixes({ connectionFields, accountFields }: MethodDefinition): string[] {
  const prefixes = (fields: MethodDefinition['accountFields'], namespace: string) =>
    fields.filter(({ kind }) => kind === 'json').map(({ key }) => `${namespace}.${key}.`)
  return [...prefixes(connectionFields, 'connection'), ...prefixes(accountFields, 'account')]
}

/** Names that the callback, the token answers and the requests after connecting declare. */
function namesFromAnswers(method: ExecutableMethod): string[] {
  const captured = redirects(method) ? Object.keys(method.callback.capture) : []
  const picked = method.afterConnect.flatMap(({ pick }) => Object.keys(pick ?? {}))
  return [
    ...[...captured, ...picked].map((key) => `account.${key}`),
    ...tokenCalls(method).flatMap(({ response }, index) => {
      const { named = {}, capture = {} } = response
      const step = `step${index + 1}`
      return [
        ...Object.keys(capture).flatMap((key) => [`token.${key}`, `${step}.${key}`]),
        ...Object.keys(named).flatMap((name) => [`token.${name}.access`, `token.${name}.refresh`]),
        `${step}.access`,
        `${step}.refresh`,
      ]
    }),
    ...(method.type === 'oauth1'
      ? ['token.secret', ...Object.keys(method.accessToken.capture).map((key) => `token.${key}`)]
      : []),
  ]
}

function tokenCalls(method: ExecutableMethod): TokenRequestDefinition[] {
  if (method.type === 'oauth2') return [method.token, ...method.further]
  if (method.type === 'token_exchange') return method.steps
  return method.type === 'app_installation' ? [method.token] : []
}
