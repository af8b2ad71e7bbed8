/**
 * Every auth method of every shipped connector, against a local provider that behaves as the
 * definition says: over real HTTP, with every address replaced by that of the local provider.
 */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AuthMethod, AuthType } from '../src/connectors/auth-method.js'
import { Catalogue } from '../src/connectors/catalogue.js'
import type { Connector } from '../src/connectors/connector.js'
import { apiOf } from '../src/connectors/definition.js'
import { type FormField, FormFieldKind, missingFields, readFields, templateValues } from '../src/connectors/form.js'
import { brandPath, iconOf } from '../src/connectors/icon.js'
import { Egress } from '../src/egress/egress.js'
import type { EgressRequest } from '../src/egress/exchange.js'
import type { StreamRequest } from '../src/egress/stream.js'
import type { Needs, RequestDefinition } from '../src/oauth/definition/api-call.js'
import type { LookupDefinition } from '../src/oauth/definition/choice.js'
import type { CodeMethod } from '../src/oauth/definition/oauth2.js'
import type { Expiry, TokenRequestDefinition, TokenResponseDefinition } from '../src/oauth/definition/token-call.js'
import type { Condition } from '../src/oauth/definition/values.js'
import type { ExecutableMethod } from '../src/oauth/definition.js'
import { needsDiscovery } from '../src/oauth/discovery.js'
import { lacking, ownCalls } from '../src/oauth/needs.js'
import { Provider } from '../src/oauth/provider.js'
import { readCallback } from '../src/oauth/redirect/callback.js'
import type { ConnectionSetup, RedirectSetup } from '../src/oauth/setup.js'
import { NO_TOKENS, type StoredTokens, type TokenSet } from '../src/oauth/token-endpoint/token-set.js'
import { OddProvider, type OddRequest } from './support/odd-provider.js'

const SECRET = 'sample-of-a-secret'
const CALLBACK = 'https://valetkey.example/oauth/callback/conn_x'
const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
  .trim()
const serviceAccount = JSON.stringify({
  private_key: rsaKey,
  private_key_id: 'key-1',
  client_email: 'robot@example.com',
})

const catalogue = Catalogue.load().all()
const all = catalogue.flatMap((connector) =>
  connector.authMethods.map((method) => ({ name: `${connector.key}/${method.id}`, connector, method })),
)
const methods = (...types: ExecutableMethod['type'][]) => all.filter(({ method }) => types.includes(method.runs.type))

let local: OddProvider
let provider: Provider
/** The hosts that the requests would have gone to. */
let asked: URL[]

beforeAll(async () => {
  local = await OddProvider.open()
  const egress = new Egress(true, null)
  const here = <R extends { url: URL }>(request: R): R => {
    asked.push(request.url)
    return { ...request, url: new URL(`${local.url}${request.url.pathname}${request.url.search}`) }
  }
  provider = new Provider({
    send: (request: EgressRequest) => egress.send(here(request)),
    stream: (request: StreamRequest) => egress.stream(here(request)),
  } as Egress)
})
afterAll(() => local.close())

/** A value that the field takes. */
function sample(field: FormField): string {
  if (field.options.length > 0) return field.options[0]?.value as string
  if (field.pattern)
    return (
      fc
        .sample(fc.stringMatching(new RegExp(field.pattern)), { numRuns: 20, seed: 7 })
        .find((text) => text.length > 1 && field.problemWith(text) === null) ?? 'no sample'
    )
  const kinds: Partial<Record<FormFieldKind, string>> = {
    [FormFieldKind.SECRET]: SECRET,
    [FormFieldKind.HOSTNAME]: 'host.example.com',
    [FormFieldKind.URL]: 'https://host.example.com',
    [FormFieldKind.EMAIL]: 'ada@example.com',
    [FormFieldKind.UUID]: '018f5e2a-0000-7000-8000-000000000001',
    [FormFieldKind.DIGITS]: '1234567',
    [FormFieldKind.PEM]: rsaKey,
    [FormFieldKind.JSON]: serviceAccount,
  }
  return kinds[field.kind] ?? 'acme'
}

/** A filled-in form, after the checks that a caller's values go through. */
function filled(form: readonly FormField[]): Record<string, unknown> {
  const values = readFields(
    form.filter(({ key }) => key !== 'passphrase'),
    form.filter(({ key }) => key !== 'passphrase').map((field) => ({ key: field.key, value: sample(field) })),
    [],
  )
  const given = Object.fromEntries([...values].filter((entry): entry is [string, string] => entry[1] !== null))
  expect(
    missingFields(
      form,
      (key) => given[key] !== undefined,
      (key) => given[key],
    ),
  ).toEqual([])
  return templateValues(form, given)
}

function registration(connector: Connector, method: AuthMethod): ConnectionSetup {
  const values = filled(method.connectionFields)
  trusted = (connector.definition.trustHosts.find((glob) => glob.startsWith('*.')) ?? '*.example.com').replace(
    '*.',
    'x.',
  )
  return {
    method: method.runs,
    api: apiOf(connector.definition, method.definition),
    client: { id: 'client-id', secret: 'client-secret' },
    redirectUri: CALLBACK,
    trustHosts: connector.definition.trustHosts,
    scopes: method.defaultScopes,
    scope: {
      connection: { ...values, scopes: method.defaultScopes },
      env: connector.definition.environments?.[String(values.environment ?? '')] ?? {},
      server: {
        public_url: 'https://valetkey.example',
        callback_url: CALLBACK,
        callback_host: 'valetkey.example',
        name: 'Valetkey',
      },
      discovered: {},
    },
  }
}

/** Puts `value` at a dotted path, through lists where the path has indexes. */
function put(body: unknown, path: string, value: unknown): unknown {
  if (path === '$') return value
  const [first = '', ...rest] = path.split('.')
  const isIndex = /^\d+$/.test(first)
  const holder = (body ?? (isIndex ? [] : {})) as Record<string, unknown>
  holder[first] = rest.length === 0 ? value : put(holder[first], rest.join('.'), value)
  return holder
}

/** A host that this connector trusts. */
let trusted = 'x.example.com'

function good(condition: Condition | undefined, picks: Record<string, string> = {}): { status: number; body: unknown } {
  let body: unknown
  // The id comes last: some services have no better label.
  for (const [name, path] of Object.entries(picks).sort(([a], [b]) => Number(a === 'id') - Number(b === 'id')))
    body = put(body, path, addressOr(name, `picked-${name}`))
  if (condition?.path && !condition.absent)
    body = put(body, condition.path, 'equals' in condition ? condition.equals : (condition.contains ?? 'present'))
  return { status: condition?.status?.[0] ?? 200, body: body ?? {} }
}

/** Some values become part of an address. */
function addressOr(name: string, value: string): string {
  return /host$/.test(name) ? trusted : /ur[li]|endpoint|domain|point$/.test(name) ? `https://${trusted}` : value
}

type Answer = { status: number; body: unknown; headers?: Record<string, string> }
function answerEverything(answer: (request: OddRequest) => Answer) {
  asked = []
  local.requests.length = 0
  local.answers = new Proxy({}, { get: () => answer }) as never
}

const resultOf = (definition: RequestDefinition) => good(definition.expect, definition.pick)

/** Where one of several is to be chosen, the list has one. */
function lookupResult({ choose, expect, pick }: LookupDefinition) {
  if (!choose) return good(expect, pick)
  const { body: item } = good(choose.where, { ...pick, id: choose.id })
  return { ...good(expect), body: choose.from === '$' ? [item] : put(undefined, choose.from, [item]) }
}

/** An access token of this name; a JWT where its expiry is read from it. */
function accessOf({ expires }: TokenResponseDefinition, name: string): string {
  return expires === 'jwt_exp'
    ? `x.${Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 3600 })).toString('base64url')}.${name}`
    : name
}

/** A token answer as the definition describes it. */
function tokenAnswer(
  response: TokenResponseDefinition,
  scopes: readonly string[],
  access: string,
  refresh: string | null,
): Answer {
  if (response.format === 'text') return { status: 200, body: access }
  const root = response.root ? `${response.root}.` : ''
  let body: unknown = put(undefined, `${root}${response.accessToken ?? 'access_token'}`, accessOf(response, access))
  if (response.refreshToken !== false && refresh !== null)
    body = put(body, `${root}${response.refreshToken ?? 'refresh_token'}`, refresh)
  body = put(body, `${root}${response.scope ?? 'scope'}`, scopes.join(response.scopeSeparator ?? ' '))
  const expiry: Expiry = response.expires ?? { path: 'expires_in', as: 'seconds' }
  if (typeof expiry === 'object' && 'path' in expiry) {
    const later = Date.now() + 3600_000
    const value = {
      seconds: 3600,
      milliseconds: 3600_000,
      unix: Math.floor(later / 1000),
      unix_ms: later,
      iso8601: new Date(later).toISOString(),
      duration: 'PT1H',
    }[expiry.as]
    body = put(body, `${root}${expiry.path}`, value)
  }
  for (const [name, path] of Object.entries(response.capture ?? {}))
    body = put(body, path, addressOr(name, `captured-${name}`))
  for (const [name, part] of Object.entries(response.named ?? {}))
    body = put(body, `${part.root ? `${part.root}.` : ''}${part.accessToken ?? 'access_token'}`, `${name}-access`)
  if (response.ok?.path && !response.ok.absent)
    body = put(body, response.ok.path, 'equals' in response.ok ? response.ok.equals : true)
  return { status: 200, body }
}

/** Everything that was sent: body, query, and the decoded Authorization header. */
function everythingSent(): string {
  return local.requests
    .map(({ body, headers }, index) => [
      body,
      decodeURIComponent(body),
      asked[index]?.search,
      Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString(),
    ])
    .join('\n')
}

/** What follows a token, however it was obtained: identity, verification, revocation and the headers to send. */
async function provesItself(where: ConnectionSetup, tokens: StoredTokens, account: Record<string, unknown>) {
  const { verify, identity, revoke } = where.method
  if (verify) {
    answerEverything(() => resultOf(verify))
    expect(await provider.verify(where, tokens, account)).toBe('valid')
    expect(asked.every(({ protocol }) => protocol === 'https:')).toBe(true)
    answerEverything(() => ({ ...good(verify.wrong), status: verify.wrong?.status?.[0] ?? 401 }))
    await expect(provider.verify(where, tokens, account)).rejects.toMatchObject({ type: 'grant' })
    answerEverything(() => ({ status: 503, body: {} }))
    await expect(provider.verify(where, tokens, account)).rejects.toMatchObject({ type: 'unknown' })
  }
  if (identity) {
    answerEverything(() => resultOf(identity))
    expect((await provider.identity(where, tokens, account, null))?.subject).toBe('picked-id')
  }
  answerEverything(() => good(revoke.find(({ expect }) => expect)?.expect))
  const revoked = (await provider.revoke(where, tokens, account)).outcome
  if (!revoke.some(({ when }) => when))
    expect(revoked).toBe(revoke.some(({ token }) => !token) ? 'REVOKED' : 'NOT_SUPPORTED')
}

/** @returns everything that the credential sends to the service, in one string */
function goesOut(where: ConnectionSetup, tokens: StoredTokens, account: Record<string, unknown>, jwt?: string): string {
  const sent = provider.apply(where, tokens, account, jwt)
  const text = JSON.stringify([sent.headers, sent.queryParams, sent.bodyParams, sent.apiBaseUrl])
  expect(text).not.toMatch(/\{[a-z]|undefined|\[object/)
  if (where.method.type !== 'none' || where.api.baseUrl)
    expect(sent.apiBaseUrl).toMatch(/^https:\/\/[a-z0-9.-]+(:\d+)?(\/|$)/i)
  const decoded = sent.headers.map(({ value }) =>
    value.startsWith('Basic ') ? Buffer.from(value.slice(6), 'base64').toString() : '',
  )
  return text + decoded.join()
}

describe('keys, tokens and passwords', () => {
  it.each(methods('static', 'none'))('$name', async ({ connector, method }) => {
    const where = registration(connector, method)
    const account = filled(method.accountFields)
    const signed = where.method.type === 'static' && where.method.apply.sign !== undefined
    const out = goesOut(where, NO_TOKENS, account)
    for (const { key, secret } of method.accountFields) {
      if (!secret || signed) continue
      // A key of two parts is sent in two parts.
      const parts = String(account[key]).split(':')
      expect([key, parts.some((part) => out.includes(part))]).toEqual([key, true])
    }
    expect(method.runs.verify ?? method.runs.identity).toBeDefined()
    await provesItself(where, NO_TOKENS, account)
  })
})

describe('a key that signs', () => {
  it.each(methods('signed_jwt'))('$name', async ({ connector, method }) => {
    const where = registration(connector, method)
    if (where.method.type !== 'signed_jwt') throw new Error('This is none.')
    const account = filled(method.accountFields)
    const { jwt, privateKey } = await provider.signedToken({ ...where, method: where.method }, account)
    const [, claims = ''] = jwt.split('.')
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString()).exp * 1000).toBeGreaterThan(Date.now())
    expect(privateKey).not.toBe('')
    expect(goesOut(where, NO_TOKENS, account, jwt)).toContain(jwt)
    await provesItself(where, NO_TOKENS, account)
  })
})

describe('a service account, a client of its own, a session', () => {
  it.each(
    all.filter(({ method }) => method.fetches && method.runs.type !== 'app_installation' && method.runs.type !== 'aws'),
  )('$name', async ({ connector, method }) => {
    const where = registration(connector, method)
    const { runs } = method
    const steps: TokenRequestDefinition[] =
      runs.type === 'oauth2' ? [runs.token, ...runs.further] : runs.type === 'token_exchange' ? runs.steps : []
    const account = filled(method.accountFields)
    let turn = 0
    const step = () => steps[turn++ % steps.length] as TokenRequestDefinition
    answerEverything(() => tokenAnswer(step().response, method.defaultScopes, `access-${turn}`, null))
    const tokens = await provider.fetch(where, account)
    expect(tokens.accessToken).toBe(`access-${steps.length}`)
    const sent = everythingSent()
    const secrets = method.accountFields.filter(({ secret }) => secret).map(({ key }) => String(account[key]))
    const assertion = /assertion=[\w-]+\.[\w-]+\.[\w-]+/
    expect(assertion.test(sent) || [...secrets, 'client-secret'].some((secret) => sent.includes(secret))).toBe(true)
    if (method.refreshable) {
      turn = 0
      answerEverything(() => tokenAnswer(step().response, method.defaultScopes, `newer-${turn}`, null))
      expect(
        (await provider.refresh(where, { ...tokens, refreshToken: 'refresh-1' }, [], account)).accessToken,
      ).toMatch(/^newer-/)
    }
    const found = await foundBy(where, tokens, account)
    expect(goesOut(where, tokens, { ...account, ...found })).toContain(tokens.accessToken)
    await provesItself(where, tokens, { ...account, ...found })
  })
})

describe('AWS', () => {
  it.each(methods('aws'))('$name', async ({ connector, method }) => {
    const where = registration(connector, method)
    const account = filled(method.accountFields)
    let tokens: StoredTokens = NO_TOKENS
    if (method.fetches) {
      const xml = (name: string, value: string) => `<${name}>${value}</${name}>`
      const session =
        xml('AccessKeyId', 'ASIAX') +
        xml('SecretAccessKey', 'session-secret') +
        xml('SessionToken', 'session-token') +
        xml('Expiration', '2099-01-01T00:00:00Z')
      answerEverything(() => ({
        status: 200,
        body: xml('AssumeRoleResponse', xml('AssumeRoleResult', xml('Credentials', session))),
      }))
      tokens = await provider.fetch(where, account)
      expect(local.requests[0]?.form.Action).toBe('AssumeRole')
      expect(local.requests[0]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=.+\/sts\/aws4_request/)
      expect(provider.awsKeys(where, tokens, account)).toMatchObject({
        accessKeyId: 'ASIAX',
        secretAccessKey: 'session-secret',
        sessionToken: 'session-token',
      })
    }
    await provesItself(where, tokens, account)
  })
})

const forms = () => [
  ['client_id', 'client-id'],
  ['redirect_uri', CALLBACK],
]

describe('authorization at the provider', () => {
  it.each(all.filter(({ method }) => method.runs.type === 'oauth2' && method.redirects))(
    '$name',
    async ({ connector, method }) => {
      const bare = registration(connector, method)
      const where = { ...bare, method: bare.method as CodeMethod }
      const { method: definition } = where
      if (needsDiscovery(method.definition)) await discovered(where, method)
      const account = {
        ...filled(method.accountFields.filter(({ required }) => required)),
        ...Object.fromEntries(
          Object.keys(definition.callback.capture).map((name) => [
            name,
            name.endsWith('server') ? `https://${trusted}` : 'captured',
          ]),
        ),
      }
      answerEverything(() => ({ status: 500, body: {} }))
      const { address, state, secret } = await provider.depart(where, method.defaultScopes, account)
      const params = definition.authorize.inFragment
        ? new URLSearchParams(address.hash.replace(/^#[^?]*\??/, ''))
        : address.searchParams
      const name = (standard: string) =>
        standard in definition.authorize.rename ? definition.authorize.rename[standard] : standard
      expect(address.protocol).toBe('https:')
      for (const [standard = '', value] of [...forms(), ['state', state]])
        if (name(standard) !== null)
          expect([standard, params.get(name(standard) as string)]).toEqual([
            standard,
            where.client.id === value ? where.client.id : value === 'client-id' ? where.client.id : value,
          ])
      expect(params.get('code_challenge_method')).toBe(definition.authorize.pkce === 'off' ? null : 'S256')
      expect(address.href).not.toMatch(/undefined|%7B|\{/)

      const steps = [definition.token, ...definition.further]
      let turn = 0
      answerEverything(({ path }) =>
        definition.introspect && path.endsWith('/introspect')
          ? { status: 200, body: { active: true, exp: Math.floor(Date.now() / 1000) + 7200 } }
          : tokenAnswer(
              (steps[turn++] ?? definition.token).response,
              method.defaultScopes,
              `access-${turn}`,
              `refresh-${turn}`,
            ),
      )
      const tokens = await provider.arrive(where, {
        code: 'the-code',
        account,
        callback: { code: 'the-code' },
        secret,
        redirectUri: CALLBACK,
      })
      const last = (steps.at(-1) as TokenRequestDefinition).response
      expect(tokens).toMatchObject({
        accessToken: expect.stringMatching(new RegExp(`access-${steps.length}$`)),
        refreshToken: last.refreshToken === false ? null : `refresh-${steps.length}`,
        scopes: expect.arrayContaining(
          method.defaultScopes.filter(
            (scope) => !Object.keys(definition.scopes.extra).some((param) => scope.startsWith(`${param}:`)),
          ),
        ),
      })
      expect(tokens.expiresAt === null).toBe(last.expires === 'never')
      const sent = everythingSent()
      expect(sent).toContain('the-code')
      if (definition.token.clientAuth !== 'none') expect(/client-secret|client_assertion/.test(sent)).toBe(true)
      if (definition.authorize.pkce !== 'off') expect(sent).toContain(secret)

      const { refresh } = definition
      if (refresh !== false) {
        answerEverything(({ path }) =>
          path.endsWith('/introspect')
            ? { status: 200, body: { exp: 1 } }
            : tokenAnswer(
                { ...definition.token.response, ...refresh.request?.response },
                method.defaultScopes,
                'access-new',
                null,
              ),
        )
        const renewed = await provider.refresh(
          where,
          { ...tokens, refreshToken: 'refresh-1' },
          method.defaultScopes,
          account,
        )
        expect(renewed).toMatchObject({ accessToken: expect.stringMatching(/access-new$/), refreshToken: null })
        expect(everythingSent()).toContain(refresh.using === 'refresh_token' ? 'refresh-1' : tokens.accessToken)
      } else
        await expect(provider.refresh(where, tokens, [], account)).rejects.toMatchObject({
          type: 'grant',
          providerError: 'no_refresh_token',
        })

      const found = await foundBy(where, tokens, account)
      expect(goesOut(where, tokens, { ...account, ...found })).toContain(tokens.accessToken)
      await provesItself(where, tokens, { ...account, ...found })
    },
  )

  it.each(methods('oauth1'))('$name', async ({ connector, method }) => {
    const bare = registration(connector, method)
    if (bare.method.type !== 'oauth1') throw new Error('This is none.')
    const where = { ...bare, method: bare.method }
    const account = filled(method.accountFields)
    answerEverything(() => ({
      status: 200,
      body: 'oauth_token=request-token&oauth_token_secret=request-secret&oauth_callback_confirmed=true',
    }))
    const departure = await provider.depart(where, method.defaultScopes, account)
    expect(departure).toMatchObject({ state: 'request-token', secret: 'request-secret' })
    expect(departure.address.searchParams.get('oauth_token')).toBe('request-token')
    answerEverything(() => ({
      status: 200,
      body: 'oauth_token=access-token&oauth_token_secret=access-secret&user_id=7',
    }))
    const tokens = await provider.arrive(where, {
      code: 'verifier',
      account,
      callback: { oauth_token: 'request-token' },
      secret: departure.secret,
      redirectUri: CALLBACK,
    })
    expect(local.requests[0]?.headers.authorization).toContain('oauth_verifier="verifier"')
    expect(tokens).toMatchObject({ accessToken: 'access-token', captured: { secret: 'access-secret' } })
    if (!where.method.apply.sign) expect(goesOut(where, tokens, account)).toContain('access-token')
    await provesItself(where, tokens, account)
  })

  it.each(methods('app_installation'))('$name', async ({ connector, method }) => {
    const bare = registration(connector, method)
    if (bare.method.type !== 'app_installation') throw new Error('This is none.')
    const where: RedirectSetup & { method: typeof bare.method } = { ...bare, method: bare.method }
    const { address, state } = await provider.depart(where, [], filled(method.accountFields))
    expect(address.searchParams.get('state')).toBe(state)
    const params = Object.fromEntries(
      ['code', ...where.method.callback.require].map((param) => [param, `the-${param}`]),
    )
    const { code, captured } = readCallback(where, params)
    const installed = { ...filled(method.accountFields), ...captured }
    let turn = 0
    answerEverything(() => {
      turn += 1
      if (turn === 2) return resultOf(where.method.proof.check)
      return tokenAnswer(
        (turn === 1 ? where.method.proof.token : where.method.token).response,
        [],
        `token-${turn}`,
        null,
      )
    })
    const tokens = await provider.arrive(where, {
      code,
      account: installed,
      callback: params,
      secret: '',
      redirectUri: CALLBACK,
    })
    expect(tokens.accessToken).toBe('token-3')
    turn = 0
    answerEverything(() =>
      ++turn === 2 ? { status: 403, body: {} } : tokenAnswer(where.method.proof.token.response, [], 'person', null),
    )
    const stranger = provider.arrive(where, {
      code,
      account: installed,
      callback: params,
      secret: '',
      redirectUri: CALLBACK,
    })
    await expect(stranger).rejects.toMatchObject({ type: 'grant', providerError: 'installation_not_yours' })
    expect(goesOut(where, tokens, installed)).toContain('token-3')
    await provesItself(where, tokens, installed)
  })
})

/** Runs discovery against metadata at the addresses that the specifications name. */
async function discovered(where: ConnectionSetup, method: AuthMethod) {
  const registers = method.definition.type === 'mcp' && method.definition.registration.includes('dcr')
  if (registers) where.client = { id: '', secret: '' }
  answerEverything(({ path }) => {
    const { origin, pathname } = asked.at(-1) as URL
    if (path.includes('/.well-known/oauth-protected-resource')) {
      const resource = `${origin}${pathname.replace('/.well-known/oauth-protected-resource', '')}`
      return {
        status: 200,
        body: { resource, authorization_servers: ['https://as.example.com'], scopes_supported: ['mcp'] },
      }
    }
    if (path.includes('/.well-known/'))
      return {
        status: 200,
        body: {
          issuer: origin,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          registration_endpoint: `${origin}/register`,
          revocation_endpoint: `${origin}/revoke`,
          userinfo_endpoint: `${origin}/userinfo`,
          code_challenge_methods_supported: ['S256'],
          token_endpoint_auth_methods_supported: ['client_secret_post'],
        },
      }
    if (path === '/register')
      return {
        status: 201,
        body: {
          client_id: 'client-id',
          client_secret: 'client-secret',
          token_endpoint_auth_method: 'client_secret_post',
        },
      }
    return { status: 401, body: {}, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }
  })
  const card = {
    name: 'Valetkey',
    uri: 'https://valetkey.example',
    redirectUri: CALLBACK,
    scopes: [],
    metadataUrl: null,
  }
  const found = await provider.discover(method.definition, where, card, null)
  where.scope.discovered = found.values
  where.client = found.client ?? where.client
  expect(found.values.authorization_endpoint).toMatch(/^https:/)
  expect(found.client === null).toBe(!registers)
}

async function foundBy(where: ConnectionSetup, tokens: TokenSet, account: Record<string, unknown>) {
  let turn = 0
  answerEverything(() => lookupResult(where.method.afterConnect[turn++] as LookupDefinition))
  const { values, choice } = await provider.accountValues(where, tokens, account, null)
  expect(choice).toBeNull()
  return values
}

/** The provider refuses a call of a grant that lacks what the call is declared to need (RFC 6750 §3.1). */
function refusing(call: RequestDefinition, granted: readonly string[]) {
  const refused = lacking(call.needs, granted).length > 0
  answerEverything(() => (refused ? { status: 403, body: { error: 'insufficient_scope' } } : resultOf(call)))
}

/** What the calls that follow a grant come to, at a provider that refuses those whose scopes it has not granted. */
async function afterGrant(where: ConnectionSetup, account: Record<string, unknown>, granted: readonly string[]) {
  const { afterConnect, identity, verify } = where.method
  const tokens: TokenSet = {
    ...NO_TOKENS,
    ...{ accessToken: 'access', scopes: [...granted], expiresAt: null, refreshExpiresAt: null },
    captured: capturedOf(where.method),
  } as TokenSet
  const outcome: Record<string, unknown> = {}
  let turn = 0
  if (afterConnect.length > 0) {
    answerEverything(() => {
      const call = afterConnect[turn++] as LookupDefinition
      return lacking(call.needs, granted).length > 0 ? { status: 403, body: {} } : lookupResult(call)
    })
    const found = await provider.accountValues(where, tokens, account, null).then(
      ({ values }) => values,
      () => 'refused' as const,
    )
    outcome.lookups = found === 'refused' ? found : 'found'
    if (found !== 'refused') Object.assign(account, found)
  }
  if (identity) {
    refusing(identity, granted)
    outcome.identity = await provider.identity(where, tokens, account, null).then(
      (person) => person?.subject ?? 'nobody',
      () => 'refused',
    )
  }
  if (verify) {
    refusing(verify, granted)
    outcome.verify = await provider.verify(where, tokens, account).catch(() => 'refused')
  }
  return outcome
}

/** Something for each value that the token answers of a method give. */
function capturedOf(method: ExecutableMethod): Record<string, unknown> {
  const calls = method.type === 'oauth2' ? [method.token, ...method.further] : []
  return Object.fromEntries(
    calls.flatMap(({ response }) =>
      Object.keys(response.capture ?? {}).map((name) => [name, addressOr(name, `captured-${name}`)]),
    ),
  )
}

/** The scopes that the provider is asked for: those in the authorization address, where users see one. */
async function askedOf(where: ConnectionSetup, method: AuthMethod, scopes: string[], account: Record<string, unknown>) {
  const { runs } = method
  if (runs.type !== 'oauth2' || runs.grant !== 'authorization_code') return scopes
  // Where the scopes are those of the registered app, none is sent.
  if (runs.authorize.rename[runs.scopes.param] === null) return scopes
  answerEverything(() => ({ status: 500, body: {} }))
  const { address } = await provider.depart(where as RedirectSetup, scopes, account)
  const query = new URLSearchParams(runs.authorize.inFragment ? address.hash.replace(/^#[^?]*\??/, '') : address.search)
  const param = runs.authorize.rename[runs.scopes.param] ?? runs.scopes.param
  return (query.get(param) ?? '').split(runs.scopes.separator)
}

describe('a provider that refuses what was not granted, asked for as little as a connection may ask', () => {
  const scoped = all.filter(({ method }) => ownCalls(method.runs).some(({ needs }) => needs !== undefined))

  it.each(scoped)('$name', async ({ connector, method }) => {
    const where = registration(connector, method)
    if (needsDiscovery(method.definition)) await discovered(where, method)
    const account: Record<string, unknown> = {
      ...filled(method.accountFields.filter(({ required }) => required)),
      ...(method.redirects && 'callback' in method.runs
        ? Object.fromEntries(
            Object.keys(method.runs.callback.capture).map((name) => [
              name,
              name.endsWith('server') ? `https://${trusted}` : 'captured',
            ]),
          )
        : {}),
    }
    const needed = ownCalls(method.runs).map(({ needs }) => needs)
    const least = leastOf(method, needed)
    const granted = await askedOf(where, method, least, account)
    const outcome = await afterGrant(where, { ...account }, granted)
    expect(Object.values(outcome).filter((result) => result === 'refused')).toEqual([])
    if ('verify' in outcome) expect(outcome.verify).toBe('valid')
    if ('identity' in outcome) expect(outcome.identity).toBe('picked-id')

    // Without what it needs, each of them is refused: the provider here looks at the grant.
    const bare = await afterGrant(where, { ...account }, [])
    if (needed.some((needs) => needs !== 'none')) expect(Object.values(bare)).not.toEqual(Object.values(outcome))
  })

  it('has something to refuse', () => {
    expect(scoped.length).toBeGreaterThan(140)
    expect(
      scoped.filter(({ method }) => ownCalls(method.runs).some(({ needs }) => needs !== 'none')).length,
    ).toBeGreaterThan(100)
  })
})

/** The required scopes alone, with the preselected ones where one of several is needed. */
function leastOf(method: AuthMethod, needed: (Needs | undefined)[]): string[] {
  if (!('scopes' in method.runs)) return []
  const { required, offline } = method.runs.scopes
  const least = [...new Set([...required, ...offline])]
  return needed.some((needs) => lacking(needs, least).length > 0) ? method.defaultScopes : least
}

it('ships a documentation page, and a way to try it, with every connector', () => {
  for (const { method, name, connector } of all) {
    if (connector.key === 'playground') continue
    expect([name, connector.docsUrl]).toEqual([name, expect.stringMatching(/^https:/)])
    expect([name, connector.definition.provenance]).toEqual([name, expect.anything()])
    expect([name, method.verifiable || method.type === AuthType.MCP]).toEqual([name, true])
  }
})

it('says of each method how to get the app or the key, where there is one to get', () => {
  expect(all.filter(({ method }) => method.help === null).map(({ name }) => name)).toEqual([])
  // One address for several methods would send the developer of an OAuth app to the page of keys.
  for (const { connector, name } of all)
    if (connector.authMethods.length > 1) expect([name, connector.definition.consoleUrl]).toEqual([name, undefined])
  // What somebody else has written about a service is no page of the service: no two services share one.
  const pages = catalogue.flatMap(({ docsUrl }) => (/^https:\/\/github\.com\//.test(docsUrl ?? '') ? [docsUrl] : []))
  expect(pages.filter((page, index) => pages.indexOf(page) !== index)).toEqual([])
})

it('says what is uncertain where a connector or a method is beta, and there alone', () => {
  for (const { key, definition } of catalogue) {
    const beta = [definition, ...definition.auth].some(({ status }) => status === 'beta')
    expect([key, definition.provenance?.uncertain !== undefined]).toEqual([key, beta])
  }
})

it('has the icon of each brand that a connector names', () => {
  for (const { key, definition } of catalogue)
    if (definition.icon.simpleIcons)
      expect([key, brandPath(definition.icon.simpleIcons)]).toEqual([key, expect.stringMatching(/^[Mm]/)])
  expect(iconOf({ name: 'Acme', icon: {} })).toContain('>A</text>')
})

it('opens with what people look for most, and goes on by name', () => {
  const names = catalogue.map(({ name }) => name)
  expect(names.slice(0, 5)).toEqual(['Gmail', 'Google Calendar', 'Google Drive', 'Slack', 'GitHub'])
  const rest = catalogue.filter(({ definition }) => definition.popularity === 0).map(({ name }) => name)
  expect(names.slice(-rest.length)).toEqual([...rest].sort((one, other) => one.localeCompare(other, 'en')))
  const wanted = catalogue.filter(({ definition }) => definition.popularity > 0)
  const bare = wanted.filter(({ definition }) => definition.icon.simpleIcons === undefined)
  expect(bare.length / wanted.length).toBeLessThan(0.1)
})

it('counts what is shipped', () => {
  const counts: Record<string, number> = {}
  for (const { method } of all) counts[method.type] = (counts[method.type] ?? 0) + 1
  console.info(`${catalogue.length} connectors; ${all.length} auth methods: ${JSON.stringify(counts)}`)
  const withIcon = catalogue.filter(({ definition }) => definition.icon.simpleIcons !== undefined).length
  const withPage = all.filter(({ connector }) => (connector.definition.provenance?.docs ?? []).length > 0).length
  const where = all.filter(({ method }) => method.consoleUrl !== null).length
  console.info(`${withIcon} brand icons; methods: ${withPage} rest on a page that was read, ${where} name a console`)
  expect(catalogue.length).toBeGreaterThanOrEqual(450)
})
