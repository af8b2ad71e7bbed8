/**
 * The two kinds of calls that go to a provider, as its definition writes them: those of a token
 * endpoint, and those of its API, with the account's credential on them.
 */

import { type Egress, type EgressAnswer, type EgressRequest, Unreachable } from '../egress/egress.js'
import { awsKeys, signedByAws } from './aws.js'
import type {
  ApplyDefinition,
  CodeMethod,
  ExecutableMethod,
  JwtDefinition,
  RequestDefinition,
  TokenRequestDefinition,
} from './definition.js'
import { digestHeader } from './digest.js'
import { makeJwt } from './jwt.js'
import { authorizationHeader } from './oauth1.js'
import { clientOf, type Registration, type StoredTokens, scopeOf } from './registration.js'
import { parseTemplate, render, renderJson, renderUrl, type TemplateScope } from './template.js'
import {
  basic,
  buildTokenRequest,
  holds,
  JWT_CLIENT,
  type OAuthClient,
  parseBody,
  readTokenAnswer,
  TokenFailure,
  type TokenSet,
  withoutSecrets,
} from './token-request.js'

/** An API call's answer: `parsed` is null where the body is neither JSON nor a form. */
export interface ApiAnswer {
  answer: EgressAnswer
  parsed: unknown
  host: string
}

export class Calls {
  constructor(private readonly egress: Egress) {}

  /**
   * Calls of a token endpoint one after the other, each seeing the earlier ones as `{step1.access}`.
   *
   * @param standard the grant's own parameters, for the first
   * @returns the last one's tokens, with what all of them captured
   * @throws {TokenFailure}
   */
  async tokens(
    steps: readonly TokenRequestDefinition[],
    registration: Registration,
    standard: Record<string, string>,
    account: Record<string, unknown>,
    scope: TemplateScope,
  ) {
    const seen: TemplateScope = {}
    let tokens: TokenSet | undefined
    for (const [index, step] of steps.entries()) {
      const got = await this.token(step, registration, index === 0 ? standard : {}, account, { ...scope, ...seen })
      seen[`step${index + 1}`] = { ...got.captured, access: got.accessToken, refresh: got.refreshToken }
      tokens = tokens
        ? {
            ...got,
            captured: { ...tokens.captured, ...got.captured },
            scopes: got.scopes ?? tokens.scopes,
            named: { ...tokens.named, ...got.named },
          }
        : got
    }
    if (!tokens) throw new Error('A method without a token call has no tokens.')
    return tokens
  }

  /** @throws {TokenFailure} */
  async token(
    definition: TokenRequestDefinition,
    registration: Registration,
    standard: Record<string, string>,
    account: Record<string, unknown>,
    scope: TemplateScope,
    keep: (answer: EgressAnswer, sentAt: Date) => void = () => {},
  ): Promise<TokenSet> {
    const sentAt = new Date()
    const client = clientOf(registration, account)
    const { jwt = await this.jwt(registration, definition, scope) } = scope
    const request = buildTokenRequest(definition, client, standard, { ...scope, jwt }, registration.trustHosts)
    const answer = await this.send(request)
    keep(answer, sentAt)
    return this.read(answer, definition, registration, sentAt, secretsIn(request, client, standard))
  }

  /** What a token endpoint's answer says; of the `secrets` that were sent, nothing is quoted. @throws {TokenFailure} */
  read(
    answer: EgressAnswer,
    definition: TokenRequestDefinition,
    { method, api }: Registration,
    sentAt: Date,
    secrets: readonly (string | undefined)[],
  ): TokenSet {
    const scopes = 'scopes' in method ? method.scopes : undefined
    try {
      return readTokenAnswer(answer, definition.response, sentAt, { scopes, rateLimit: api.rateLimit })
    } catch (error) {
      if (error instanceof TokenFailure) error.message = withoutSecrets(error.message, secrets)
      throw error
    }
  }

  /** A call whose answer must be what the definition expects. @throws {TokenFailure} */
  async request(
    definition: RequestDefinition,
    registration: Registration,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<unknown> {
    const { answer, parsed, host } = await this.ask(definition, registration, tokens, account)
    if (holds(definition.expect, parsed, answer.status)) return parsed
    throw new TokenFailure(
      answer.status >= 500 ? 'unknown' : 'client',
      `${host} answered with status ${answer.status} where another answer was expected.`,
    )
  }

  async ask(
    definition: RequestDefinition,
    registration: Registration,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<ApiAnswer> {
    const named = definition.token ? tokens.named[definition.token] : undefined
    const acting: StoredTokens = named ? { ...tokens, accessToken: named.access, refreshToken: named.refresh } : tokens
    const { client, method, api, trustHosts } = registration
    const base = scopeOf(registration, account, acting)
    const scope = { ...base, jwt: await this.apiJwt(registration, base) }
    const url = renderUrl(definition.url, scope, trustHosts)
    for (const [name, source] of Object.entries(definition.query ?? {}))
      url.searchParams.set(name, render(source, scope))
    const headers: Record<string, string> = { accept: 'application/json' }
    let payload = renderJson(definition.body, scope) as Record<string, unknown> | undefined
    const auth = definition.auth === 'client' ? asAtTokenEndpoint(method, client) : definition.auth
    if (auth === 'client_basic') headers.authorization = basic(client.id, client.secret)
    else if (auth === 'client_jwt')
      payload = {
        ...payload,
        client_id: client.id,
        client_assertion_type: JWT_CLIENT,
        client_assertion: await this.clientJwt(method, url, scope),
      }
    else if (auth === 'client_body')
      payload = { ...payload, client_id: client.id, ...(client.secret ? { client_secret: client.secret } : {}) }
    const apply = definition.auth === 'apply' ? applyOf(method) : undefined
    if (apply && Object.keys(apply.body).length > 0)
      payload = { ...payload, ...Object.fromEntries(filled(apply.body, scope)) }
    let body: string | undefined
    if (payload !== undefined && definition.encoding !== 'none') {
      const json = definition.encoding === 'json'
      headers['content-type'] = json ? 'application/json' : 'application/x-www-form-urlencoded'
      body = json ? JSON.stringify(payload) : new URLSearchParams(payload as Record<string, string>).toString()
    }
    if (apply) {
      const full = { ...scope, request: { method: definition.method, path: url.pathname, body: body ?? '' } }
      for (const [name, value] of [...filled({ ...api.headers, ...apply.headers }, full), ...cookieHeader(apply, full)])
        headers[name] = value
      for (const [name, value] of filled({ ...api.query, ...apply.query }, full)) url.searchParams.set(name, value)
    }
    for (const [name, source] of Object.entries(definition.headers ?? {})) headers[name] = render(source, scope)
    const request = { method: definition.method, url, headers, body }
    const answer = await this.sendSigned(request, apply, registration, acting, scope)
    return { answer, parsed: parseBody(answer), host: url.host }
  }

  /** @throws {TokenFailure} where no answer came */
  async send(request: EgressRequest): Promise<EgressAnswer> {
    try {
      return await this.egress.send(request)
    } catch (error) {
      if (error instanceof Unreachable)
        throw new TokenFailure(error.sent ? 'unknown' : 'not_sent', error.message, null, null, error)
      throw error
    }
  }

  private async sendSigned(
    request: EgressRequest,
    apply: ApplyDefinition | undefined,
    registration: Registration,
    tokens: StoredTokens,
    scope: TemplateScope,
  ): Promise<EgressAnswer> {
    const how = apply?.sign
    const { method, url, body } = request
    switch (how?.with) {
      case undefined:
        return this.send(request)
      case 'oauth1': {
        const form =
          request.headers?.['content-type'] === 'application/x-www-form-urlencoded'
            ? [...new URLSearchParams(body)]
            : []
        const authorization = authorizationHeader(
          { method, url, form },
          oauth1Keys(registration, tokens),
          registration.method.type === 'oauth1' ? registration.method.signature : 'HMAC-SHA1',
        )
        return this.send({ ...request, headers: { ...request.headers, authorization } })
      }
      case 'aws_sigv4': {
        const place = {
          ...(how.service === undefined ? {} : { service: render(how.service, scope) }),
          ...(how.region === undefined ? {} : { region: render(how.region, scope) }),
        }
        return this.send(signedByAws(request, awsKeys(registration, tokens, scope), place))
      }
      case 'digest': {
        const first = await this.send(request)
        const authorization =
          first.status === 401
            ? digestHeader(
                first.headers['www-authenticate'] ?? '',
                request,
                render(how.username, scope),
                render(how.password, scope),
              )
            : null
        return authorization === null
          ? first
          : this.send({ ...request, headers: { ...request.headers, authorization } })
      }
    }
  }

  /** `{jwt}` for a token call, where the method makes one. */
  private async jwt(
    { method }: Registration,
    { clientAuth, url }: TokenRequestDefinition,
    scope: TemplateScope,
  ): Promise<string | undefined> {
    const definition = assertionOf(method, clientAuth)
    return definition && (await makeJwt(definition, scope, Date.now() / 1000, render(url, scope))).jwt
  }

  /** The client's proof for another endpoint than the token endpoint: its address is the audience. */
  private async clientJwt(method: ExecutableMethod, url: URL, scope: TemplateScope): Promise<string | undefined> {
    const definition = assertionOf(method, 'client_secret_jwt')
    return definition && (await makeJwt(definition, scope, Date.now() / 1000, url.origin + url.pathname)).jwt
  }

  /** `{jwt}` for a call of the API. */
  private async apiJwt({ method }: Registration, scope: TemplateScope): Promise<string | undefined> {
    return method.type === 'signed_jwt' || method.type === 'app_installation'
      ? (await makeJwt(method.jwt, scope, Date.now() / 1000)).jwt
      : undefined
  }
}

/** RFC 7523 §2.2 with the client's secret, where the definition says no more than that. */
const BY_SECRET: JwtDefinition = { alg: 'HS256', key: '{app.client_secret}', keyEncoding: 'utf8', header: {}, ttl: 300 }

function assertionOf(
  method: ExecutableMethod,
  clientAuth: TokenRequestDefinition['clientAuth'],
): JwtDefinition | undefined {
  if (method.type === 'app_installation') return method.jwt
  const given = (method as Partial<CodeMethod>).assertion
  return given ?? (clientAuth === 'client_secret_jwt' ? BY_SECRET : undefined)
}

/** The client authenticates as at the token endpoint (RFC 7009 §2.1); a public one says who it is. */
function asAtTokenEndpoint(
  method: ExecutableMethod,
  client: OAuthClient,
): 'client_basic' | 'client_body' | 'client_jwt' {
  const auth = client.auth ?? (method as Partial<CodeMethod>).token?.clientAuth
  if (auth === 'private_key_jwt' || auth === 'client_secret_jwt') return 'client_jwt'
  return auth === 'basic' ? 'client_basic' : 'client_body'
}

/** What is put on a call for an account: AWS methods have only their signature. */
export function applyOf(method: ExecutableMethod): ApplyDefinition {
  if (method.type !== 'aws') return method.apply
  return { headers: {}, query: {}, body: {}, cookies: {}, sign: { with: 'aws_sigv4', region: method.region } }
}

export function oauth1Keys({ client }: Registration, tokens: StoredTokens) {
  return {
    consumerKey: client.id,
    consumerSecret: client.secret,
    token: tokens.accessToken,
    tokenSecret: String(tokens.captured.secret ?? ''),
  }
}

/** Parameters rendered; those that come out empty, or as a scheme with nothing behind it, are left out. */
export function filled(parameters: Record<string, string>, scope: TemplateScope): [string, string][] {
  return Object.entries(parameters)
    .filter(([, source]) => 'request' in scope || !parseTemplate(source).readsRequest)
    .map(([name, source]): [string, string] => [name, render(source, scope)])
    .filter(([, value]) => value !== '' && !/^(Bearer|Token|Basic) ?$/i.test(value))
}

/** RFC 6265 §4.2.1. */
export function cookieHeader({ cookies }: ApplyDefinition, scope: TemplateScope): [string, string][] {
  const pairs = filled(cookies, scope).map(
    ([name, value]) => `${name}=${value.replace(/[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/g, encodeURIComponent)}`,
  )
  return pairs.length === 0 ? [] : [['cookie', pairs.join('; ')]]
}

/** What a provider must not be quoted with: everything secret that was sent to it. */
function secretsIn(
  { body, headers }: EgressRequest,
  client: OAuthClient,
  standard: Record<string, string>,
): (string | undefined)[] {
  const values =
    headers?.['content-type'] === 'application/json'
      ? leaves(JSON.parse(body ?? 'null'))
      : [...new URLSearchParams(body).values()]
  const known = [client.id, standard.scope, standard.grant_type, standard.redirect_uri]
  // What is short or a plain word is no secret, and may be what the provider's words are about.
  const parameters = values.filter(
    (value) => value.length >= 16 && !known.includes(value) && !/^(urn:|https?:)|^[a-z_ ]+$/.test(value),
  )
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

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(leaves) : []
}
