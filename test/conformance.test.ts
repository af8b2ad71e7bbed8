/**
 * Every auth method of every shipped connector, against a local provider that behaves as the
 * definition says: real HTTP, with the addresses turned to where it listens.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Catalogue } from '../src/connectors/catalogue.js'
import type { AuthMethod, Connector } from '../src/connectors/connector.js'
import { type FormField, FormFieldKind, missingFields, readFields, withDefaults } from '../src/connectors/form.js'
import type { Condition, Expiry, RequestDefinition } from '../src/oauth/definition.js'
import { Egress, type EgressRequest } from '../src/oauth/egress.js'
import { isOAuth, NO_TOKENS, type OAuthRegistration, Provider, type Registration } from '../src/oauth/provider.js'
import { OddProvider } from './support/odd-provider.js'

const SECRET = 'sample-of-a-secret'
const catalogue = Catalogue.load().all()
const methods = (type: 'oauth2' | 'static') =>
  catalogue.flatMap((connector) =>
    connector.authMethods.filter(({ definition }) => definition.type === type).map((method) => ({ name: `${connector.key}/${method.id}`, connector, method })),
  )

let local: OddProvider
let provider: Provider
/** Where the requests would have gone. */
let asked: URL[]

beforeAll(async () => {
  local = await OddProvider.open()
  const egress = new Egress(true, null)
  provider = new Provider({
    send(request: EgressRequest) {
      asked.push(request.url)
      return egress.send({ ...request, url: new URL(`${local.url}${request.url.pathname}${request.url.search}`) })
    },
  } as Egress)
})
afterAll(() => local.close())

/** A value that the field takes. */
function sample(field: FormField): string {
  if (field.options.length > 0) return field.options[0]?.value as string
  if (field.pattern)
    return fc.sample(fc.stringMatching(new RegExp(field.pattern)), { numRuns: 20, seed: 7 }).find((text) => text.length > 1 && field.faultOf(text) === null) ?? 'no sample'
  const kinds: Partial<Record<FormFieldKind, string>> = {
    [FormFieldKind.SECRET]: SECRET,
    [FormFieldKind.HOSTNAME]: 'host.example.com',
    [FormFieldKind.URL]: 'https://host.example.com',
    [FormFieldKind.EMAIL]: 'ada@example.com',
    [FormFieldKind.UUID]: '018f5e2a-0000-7000-8000-000000000001',
    [FormFieldKind.DIGITS]: '1234567',
  }
  return kinds[field.kind] ?? 'acme'
}

/** The form as a person fills it in, through the checks that a caller's values go through. */
function filled(form: readonly FormField[]): Record<string, string> {
  const values = readFields(
    form,
    form.map((field) => ({ key: field.key, value: sample(field) })),
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
  return withDefaults(form, given)
}

function registration(connector: Connector, method: AuthMethod): Registration {
  const values = filled(method.connectionFields)
  return {
    method: method.definition,
    api: { ...connector.definition.api, ...method.definition.api },
    client: { id: 'client-id', secret: 'client-secret' },
    redirectUri: 'https://valetkey.example/oauth/callback/conn_x',
    trustHosts: connector.definition.trustHosts,
    scope: {
      connection: values,
      env: connector.definition.environments?.[values.environment ?? ''] ?? {},
      server: { public_url: 'https://valetkey.example', callback_url: 'https://valetkey.example/oauth/callback/conn_x', name: 'Valetkey' },
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

function good(condition: Condition | undefined, picks: Record<string, string> = {}): { status: number; body: unknown } {
  let body: unknown
  // The id last: some services have no better label than that.
  for (const [name, path] of Object.entries(picks).sort(([a], [b]) => Number(a === 'id') - Number(b === 'id'))) body = put(body, path, `picked-${name}`)
  if (condition?.path && !condition.absent) body = put(body, condition.path, 'equals' in condition ? condition.equals : 'present')
  return { status: condition?.status?.[0] ?? 200, body: body ?? {} }
}

function answerEverything(answer: (request: { method: string; path: string; form: Record<string, string> }) => { status: number; body: unknown }) {
  asked = []
  local.requests.length = 0
  local.answers = new Proxy({}, { get: () => answer }) as never
}

const resultOf = (definition: RequestDefinition) => good(definition.expect, definition.pick)

describe('keys, tokens and passwords', () => {
  it.each(methods('static'))('$name', async ({ connector, method }) => {
    const { definition } = method
    if (definition.type !== 'static') throw new Error('This is none.')
    const where = registration(connector, method)
    const account = filled(method.accountFields)
    const sent = provider.apply(where, NO_TOKENS, account)
    const goesOut = JSON.stringify([sent.headers, sent.queryParams, sent.apiBaseUrl])
    for (const { key, secret } of method.accountFields) {
      if (!secret || definition.preset === 'basic') continue
      expect([key, goesOut.includes(account[key] as string)]).toEqual([key, true])
    }
    if (definition.preset === 'basic') {
      const decoded = sent.headers.map(({ value }) => Buffer.from(value.replace(/^Basic /, ''), 'base64').toString()).join()
      for (const { key, secret } of method.accountFields) if (secret) expect(decoded).toContain(account[key])
    }
    expect(goesOut).not.toMatch(/\{[a-z]|undefined|\[object/)
    expect(sent.apiBaseUrl).toMatch(/^https:\/\/[a-z0-9.-]+(:\d+)?(\/|$)/i)

    expect(definition.verify ?? definition.identity).toBeDefined()
    if (definition.verify) {
      const { verify } = definition
      answerEverything(() => resultOf(verify))
      expect(await provider.verify(where, account)).toBe('valid')
      expect(local.requests[0]?.headers).toMatchObject(Object.fromEntries(sent.headers.map(({ name, value }) => [name.toLowerCase(), value])))
      expect(asked.every(({ protocol }) => protocol === 'https:')).toBe(true)
      answerEverything(() => ({ ...good(verify.wrong), status: verify.wrong?.status?.[0] ?? 401 }))
      await expect(provider.verify(where, account)).rejects.toMatchObject({ kind: 'grant' })
      answerEverything(() => ({ status: 503, body: {} }))
      await expect(provider.verify(where, account)).rejects.toMatchObject({ kind: 'unknown' })
    }
    if (definition.identity) {
      const { identity } = definition
      answerEverything(() => resultOf(identity))
      expect((await provider.identity(where, NO_TOKENS, account))?.subject).toBe('picked-id')
    }
  })
})

describe('OAuth 2.0', () => {
  it.each(methods('oauth2'))('$name', async ({ connector, method }) => {
    const where = registration(connector, method)
    if (!isOAuth(where)) throw new Error('This is none.')
    const { definition } = { definition: where.method }
    const captured = Object.fromEntries(
      Object.entries(definition.token.response.capture ?? {}).map(([name, path]) => [
        path,
        /url/.test(name) ? `https://x${(connector.definition.trustHosts[0] ?? '*.example.com').slice(1)}` : `captured-${name}`,
      ]),
    )
    const account = {
      ...filled(method.accountFields.filter(({ required }) => required)),
      ...Object.fromEntries(Object.keys(definition.callback.capture).map((name) => [name, 'captured'])),
    }

    const address = provider.authorizeUrl(where, { scopes: method.defaultScopes, state: 'the-state', verifier: 'v'.repeat(43), account })
    const name = (standard: string) => (standard in definition.authorize.rename ? definition.authorize.rename[standard] : standard)
    expect(address.protocol).toBe('https:')
    for (const [standard, value] of [
      ['client_id', 'client-id'],
      ['redirect_uri', where.redirectUri],
      ['state', 'the-state'],
    ] as const) {
      if (name(standard) !== null) expect([standard, address.searchParams.get(name(standard) as string)]).toEqual([standard, value])
    }
    expect(address.searchParams.get('code_challenge_method')).toBe(definition.authorize.pkce === 'off' ? null : 'S256')
    expect(address.href).not.toMatch(/undefined|%7B|\{/)

    const tokenBody = (access: string, refresh: string | null) => {
      const { response } = definition.token
      const root = response.root ? `${response.root}.` : ''
      let body: unknown = put(undefined, `${root}${response.accessToken ?? 'access_token'}`, access)
      if (response.refreshToken !== false && refresh !== null) body = put(body, `${root}${response.refreshToken ?? 'refresh_token'}`, refresh)
      body = put(body, `${root}${response.scope ?? 'scope'}`, method.defaultScopes.join(response.scopeSeparator ?? ' '))
      const expiry: Expiry = response.expires ?? { path: 'expires_in', as: 'seconds' }
      if (typeof expiry === 'object' && 'path' in expiry) body = put(body, `${root}${expiry.path}`, 3600)
      for (const [path, value] of Object.entries(captured)) body = put(body, path, value)
      if (response.ok?.path && !response.ok.absent) body = put(body, response.ok.path, 'equals' in response.ok ? response.ok.equals : true)
      return body
    }
    answerEverything(({ path }) =>
      definition.introspect && path.endsWith('/introspect')
        ? { status: 200, body: { active: true, exp: Math.floor(Date.now() / 1000) + 7200 } }
        : { status: 200, body: tokenBody('access-1', 'refresh-1') },
    )
    const tokens = await provider.exchange(where, { code: 'the-code', verifier: 'v'.repeat(43), account, callback: {} })
    expect(tokens).toMatchObject({
      accessToken: 'access-1',
      refreshToken: definition.token.response.refreshToken === false ? null : 'refresh-1',
      scopes: expect.arrayContaining(method.defaultScopes),
    })
    expect(tokens.expiresAt === null).toBe(definition.token.response.expires === 'never')
    const exchanged = local.requests[0]
    const sent = definition.token.encoding === 'json' ? JSON.parse(exchanged?.body ?? '{}') : exchanged?.form
    expect(sent).toMatchObject({ grant_type: 'authorization_code', code: 'the-code', redirect_uri: where.redirectUri })
    const authenticated = JSON.stringify([sent, Buffer.from((exchanged?.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString()])
    expect(authenticated).toContain('client-secret')

    if (definition.refresh !== false) {
      answerEverything(({ path }) => (path.endsWith('/introspect') ? { status: 200, body: { exp: 1 } } : { status: 200, body: tokenBody('access-2', null) }))
      const renewed = await provider.refresh(where, tokens, method.defaultScopes, account)
      expect(renewed).toMatchObject({ accessToken: 'access-2', refreshToken: null })
      expect(local.requests[0]?.body).toContain('refresh-1')
    } else await expect(provider.refresh(where, tokens, [], account)).rejects.toMatchObject({ kind: 'grant', providerError: 'no_refresh_token' })

    const found = await foundBy(where, tokens, account)
    if (definition.identity) {
      const { identity } = definition
      answerEverything(() => resultOf(identity))
      expect((await provider.identity(where, tokens, { ...account, ...found }))?.subject).toBe('picked-id')
      expect(local.requests[0]?.headers.authorization).toBe('Bearer access-1')
    }
    answerEverything(() => good(definition.revoke.find(({ expect }) => expect)?.expect))
    expect((await provider.revoke(where, tokens, { ...account, ...found })).outcome).toBe(definition.revoke.length > 0 ? 'REVOKED' : 'NOT_SUPPORTED')

    const ready = provider.apply(where, tokens, { ...account, ...found })
    expect(ready.headers).toContainEqual({ name: 'authorization', value: 'Bearer access-1' })
    expect(ready.apiBaseUrl).toMatch(/^https:\/\/[a-z0-9.-]+(\/|$)/i)
  })

  async function foundBy(where: OAuthRegistration, tokens: Parameters<Provider['lookUp']>[1], account: Record<string, unknown>) {
    let turn = 0
    answerEverything(() => resultOf(where.method.afterConnect[turn++] as RequestDefinition))
    return provider.lookUp(where, tokens, account)
  }
})

it('counts what is shipped', () => {
  const counts: Record<string, number> = {}
  for (const { authMethods } of catalogue) for (const { type } of authMethods) counts[type] = (counts[type] ?? 0) + 1
  console.info(`${catalogue.length} connectors; auth methods: ${JSON.stringify(counts)}`)
  expect(catalogue.length).toBeGreaterThanOrEqual(199)
})
