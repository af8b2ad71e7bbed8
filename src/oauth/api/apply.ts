/** Puts an account's credential on calls of the provider's API. */
import { ValetkeyError } from '../../errors.js'
import type { ApplyDefinition } from '../definition/api-call.js'
import type { ExecutableMethod } from '../definition.js'
import { type ConnectionSetup, scopeOf } from '../setup.js'
import type { OAuth1Keys } from '../signing/oauth1.js'
import { render, renderUrl, type TemplateScope, templateOf } from '../template.js'
import type { StoredTokens } from '../token-endpoint/token-set.js'

/** The headers and parameters that an agent must add to its own calls. */
export interface Applied {
  headers: Pair[]
  queryParams: Pair[]
  bodyParams: Pair[]
  apiBaseUrl: string | null
}
interface Pair {
  name: string
  value: string
}

/** Renders the headers and parameters of an account's calls. @param jwt the token of a `signed_jwt` method */
export function appliedTo(
  setup: ConnectionSetup,
  tokens: StoredTokens,
  account: Record<string, unknown>,
  jwt?: string,
): Applied {
  const { api, method, trustHosts } = setup
  const apply = applyOf(method)
  const scope = { ...scopeOf(setup, account, tokens), jwt }
  let baseUrl: string | null = null
  try {
    baseUrl = api.baseUrl === undefined ? null : renderUrl(api.baseUrl, scope, trustHosts).href.replace(/\/$/, '')
  } catch (error) {
    // A base address that needs a value this account lacks is unknown; that is not an error.
    if (!(error instanceof ValetkeyError)) throw error
  }
  return {
    headers: pairs([...filled({ ...api.headers, ...apply.headers }, scope), ...cookieHeader(apply, scope)]),
    queryParams: pairs(filled({ ...api.query, ...apply.query }, scope)),
    bodyParams: pairs(filled(apply.body, scope)),
    apiBaseUrl: baseUrl,
  }
}

function pairs(list: [string, string][]): Pair[] {
  return list.map(([name, value]) => ({ name, value }))
}

/** The method's definition of how calls carry the credential. An AWS method only has a signature. */
export function applyOf(method: ExecutableMethod): ApplyDefinition {
  if (method.type !== 'aws') return method.apply
  return { headers: {}, query: {}, body: {}, cookies: {}, sign: { with: 'aws_sigv4', region: method.region } }
}

/** Renders parameters, except those whose value is empty or only a scheme such as `Bearer`. */
export function filled(parameters: Record<string, string>, scope: TemplateScope): [string, string][] {
  return Object.entries(parameters)
    .filter(([, source]) => 'request' in scope || !templateOf(source).readsRequest)
    .map(([name, source]): [string, string] => [name, render(source, scope)])
    .filter(([, value]) => value !== '' && !/^(Bearer|Token|Basic) ?$/i.test(value))
}

/** The Cookie header (RFC 6265 §4.2.1), as a list of one or no header. */
export function cookieHeader({ cookies }: ApplyDefinition, scope: TemplateScope): [string, string][] {
  const pairs = filled(cookies, scope).map(
    ([name, value]) => `${name}=${value.replace(/[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/g, encodeURIComponent)}`,
  )
  return pairs.length === 0 ? [] : [['cookie', pairs.join('; ')]]
}

/** The keys of RFC 5849 with which an account's calls are signed. */
export function oauth1Keys({ client }: ConnectionSetup, tokens: StoredTokens): OAuth1Keys {
  return {
    consumerKey: client.id,
    consumerSecret: client.secret,
    token: tokens.accessToken,
    tokenSecret: String(tokens.captured.secret ?? ''),
  }
}

/** User name and password of an account that answers Digest challenges (RFC 7616); null for all others. */
export function digestUser(setup: ConnectionSetup, account: Record<string, unknown>): [string, string] | null {
  const { sign } = applyOf(setup.method)
  if (sign?.with !== 'digest') return null
  const scope = scopeOf(setup, account)
  return [render(sign.username, scope), render(sign.password, scope)]
}
