/**
 * How providers depart from OAuth 2.0, one test each: a connector is created over the API, a user goes
 * through it, and the provider answers in its odd way. Then three unusable answers in the provider's own
 * shape are tried: nothing of them may be stored.
 */
import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OddProvider, OddRequest } from './support/odd-provider.js'
import { Workshop } from './support/workshop.js'

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open()
})
afterAll(() => shop.close())

type Answer = Awaited<ReturnType<OddProvider['answers'][string]>>
type Credential = NonNullable<Awaited<ReturnType<Workshop['credential']>>>
type Url = (path: string) => string

/** What happened: where the browser was sent, every request, and what an agent gets. */
interface Way {
  key: string
  door: URL
  exchange: OddRequest
  account: Credential
  token: Extract<Credential['token'], { __typename: 'OAuthToken' }>
  requests: (path: string) => OddRequest[]
  /** What an agent gets now, and after the token has expired. */
  again: () => Promise<Credential>
  afterExpiry: () => Promise<Credential>
}

interface Quirk {
  /** What the definition has besides the two addresses. */
  method?: (url: Url) => Record<string, unknown>
  token?: Record<string, unknown>
  frame?: (url: Url) => Record<string, unknown>
  fields?: Record<string, string>
  accountFields?: (key: string) => Record<string, string>
  /** A plain token answer, as this provider shapes it. */
  shape?: (fields: Record<string, unknown>) => unknown
  /** What else the provider answers. */
  answers?: Record<string, (request: OddRequest) => Answer>
  /** The path of the token endpoint, if not /token. */
  tokenPath?: string
  bring?: (door: URL) => Record<string, string>
  expect: (way: Way) => void | Promise<void>
}

const PLAIN = {
  access_token: 'access-1',
  refresh_token: 'refresh-1',
  expires_in: 3600,
  token_type: 'bearer',
  scope: 'read',
}
const state = (door: URL) => ({
  state: (door.searchParams.get('state') ??
    new URLSearchParams(door.hash.replace(/^#[^?]*\??/, '')).get('state')) as string,
})
const jwtOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
const lasts = (account: Credential) => Math.round((Date.parse(account.tokenExpiresAt as string) - Date.now()) / 1000)
const inSeconds = (seconds: number) => Date.now() + seconds * 1000

/** Unusable token answers. Each is made from a good one, so that it keeps the provider's shape. */
const WORST: [string, (shape: (fields: Record<string, unknown>) => unknown) => Answer][] = [
  ['a token with a line break', (shape) => ({ body: shape({ ...PLAIN, access_token: 'a\r\nSet-Cookie: x=1' }) })],
  [
    'an error of the grant',
    () => ({ status: 400, body: { error: 'invalid_grant', error_description: '<script>alert(1)</script>' } }),
  ],
  ['a page of HTML', () => ({ status: 200, body: '<html><body>Maintenance</body></html>' })],
  ['a token that is a number', (shape) => ({ body: shape({ ...PLAIN, access_token: 12345 }) })],
  ['a redirect', () => ({ status: 302, body: '', headers: { location: 'https://evil.example/' } })],
  ['no token', (shape) => ({ body: shape({ expires_in: 3600 }) })],
  ['an empty token', (shape) => ({ body: shape({ ...PLAIN, access_token: '' }) })],
  ['a list', () => ({ body: [] })],
  ['a fault', () => ({ status: 500, body: 'Exception in thread "main" secret=hunter2' })],
  ['more than a mebibyte', (shape) => ({ body: shape({ ...PLAIN, access_token: 'x'.repeat(1_100_000) }) })],
  ['garbage behind it', (shape) => ({ body: `${JSON.stringify(shape(PLAIN))}}garbage` })],
  [
    'a bomb',
    () => (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(20_000_000, 0x20))),
  ],
  [
    'a connection that breaks off',
    () => (response) =>
      response.writeHead(200, { 'content-length': '1000' }).write('{"access_', () => response.destroy()),
  ],
  ['a token of 70,000 characters', (shape) => ({ body: shape({ ...PLAIN, access_token: 'x'.repeat(70_000) }) })],
  ['null', () => ({ body: 'null', headers: { 'content-type': 'application/json' } })],
]

async function prepare(quirk: Quirk) {
  const key = await shop.connector(
    (url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: url('/authorize') },
      scopes: { default: ['read'] },
      ...quirk.method?.(url),
      token: { url: url('/token'), ...quirk.token },
    }),
    quirk.frame?.((path) => `${shop.provider.url}${path}`) ?? {},
  )
  for (const [path, answer] of Object.entries(quirk.answers ?? {})) shop.answer(key, path, answer)
  const { name } = await shop.connection(key, {
    client_id: 'the-client',
    client_secret: 'the-client-secret',
    ...quirk.fields,
  })
  return { key, name, tokenPath: quirk.tokenPath ?? '/token', shape: quirk.shape ?? ((fields) => fields) }
}

/** @param index chooses three unusable answers, so that all are tried, and different ones for each quirk */
function departs(name: string, index: number, quirk: Quirk) {
  describe(name, () => {
    it('is understood', async () => {
      const { key, name, tokenPath, shape } = await prepare(quirk)
      if (!quirk.answers?.[tokenPath]) shop.answer(key, tokenPath, () => ({ body: shape(PLAIN) }))
      const { door, page } = await shop.authorize(
        name,
        (door) => ({ code: 'the-code', ...state(door), ...quirk.bring?.(door) }),
        quirk.accountFields?.(key),
      )
      expect(page.text).toContain('Connected')
      const account = (await shop.credential(name)) as Credential
      const requests = (path: string) => shop.requestsTo(key, path)
      const again = async () => (await shop.credential(name)) as Credential
      const afterExpiry = async () => {
        await shop.expire()
        return again()
      }
      await quirk.expect({
        key,
        door,
        exchange: requests(tokenPath)[0] as OddRequest,
        account,
        token: account.token as Way['token'],
        requests,
        again,
        afterExpiry,
      })
    })

    const worst = [0, 1, 2].map((offset) => WORST[(index * 3 + offset) % WORST.length] as (typeof WORST)[number])
    it.each(worst)('stores nothing of %s [T22, input 36, 41]', async (_what, answer) => {
      const { key, name, tokenPath, shape } = await prepare(quirk)
      shop.answer(key, tokenPath, () => answer(shape))
      const { page } = await shop.authorize(
        name,
        (door) => ({ code: 'the-code', ...state(door), ...quirk.bring?.(door) }),
        quirk.accountFields?.(key),
      )
      expect([400, 403, 502]).toContain(page.status)
      expect(page.text).toMatch(/did not work|Not connected/)
      expect(page.text).not.toMatch(/<script>alert|hunter2|the-client-secret|the-code|went wrong on our side/)
      const account = (await shop.credential(name)) as Credential
      expect(account).toMatchObject({ status: 'PENDING_AUTHORIZATION', token: { __typename: 'AuthorizationRequired' } })
    })
  })
}

const unwrapped = ({ headers }: OddRequest) =>
  Buffer.from(headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString()

const QUIRKS: Record<string, Quirk> = {
  'a host that the account names, within what the connector trusts': {
    frame: () => ({ trustHosts: ['127.0.0.1'] }),
    method: () => ({
      accountFields: [{ key: 'origin', label: 'Origin', kind: 'text' }],
      authorize: { url: '{account.origin}/authorize' },
      api: { baseUrl: '{account.origin}/api' },
    }),
    token: { url: '{account.origin}/token' },
    accountFields: (key) => ({ origin: shop.at(key, '') }),
    expect: ({ token, key }) => expect(token.apiBaseUrl).toBe(shop.at(key, '/api')),
  },
  'extra parameters on the authorization URL': {
    method: (url) => ({
      authorize: {
        url: url('/authorize?kept=1'),
        params: { access_type: 'offline', prompt: 'consent', empty: '{callback.nothing}' },
      },
    }),
    expect: ({ door }) => {
      expect(Object.fromEntries(door.searchParams)).toMatchObject({
        kept: '1',
        access_type: 'offline',
        prompt: 'consent',
        response_type: 'code',
      })
      expect(door.searchParams.has('empty')).toBe(false)
    },
  },
  'standard parameters under other names': {
    method: (url) => ({ authorize: { url: url('/authorize'), rename: { client_id: 'client_key' } } }),
    token: { rename: { client_id: 'client_key', code: 'auth_code' } },
    expect: ({ door, exchange }) => {
      expect([door.searchParams.get('client_key'), door.searchParams.get('client_id')]).toEqual(['the-client', null])
      expect(exchange.form).toMatchObject({ client_key: 'the-client', auth_code: 'the-code' })
      expect(exchange.form).not.toHaveProperty('client_id')
    },
  },
  'standard parameters that it does not want': {
    method: (url) => ({ authorize: { url: url('/authorize'), rename: { response_type: null, scope: null } } }),
    token: { omit: ['redirect_uri', 'grant_type'] },
    expect: ({ door, exchange }) => {
      expect([door.searchParams.has('response_type'), door.searchParams.has('scope')]).toEqual([false, false])
      expect(Object.keys(exchange.form).sort()).toEqual(['client_id', 'client_secret', 'code', 'code_verifier'])
    },
  },
  'parameters behind the #': {
    method: (url) => ({ authorize: { url: url('/app#/oauth'), inFragment: true } }),
    expect: ({ door }) => {
      expect(door.search).toBe('')
      expect(door.hash).toMatch(/^#\/oauth\?/)
      expect(new URLSearchParams(door.hash.slice(8)).get('client_id')).toBe('the-client')
    },
  },
  'scopes as they are written, not encoded': {
    method: (url) => ({
      authorize: { url: url('/authorize'), rawScope: true },
      scopes: { separator: ',', default: ['read:user', 'write+all'] },
    }),
    shape: (fields) => ({ ...fields, scope: 'read:user,write+all' }),
    expect: ({ door }) => expect(door.search).toContain('scope=read:user,write+all'),
  },
  'a client in Basic, form-encoded first': {
    token: { clientAuth: 'basic' },
    fields: { client_id: 'id with:colon', client_secret: 'p%ss & word' },
    expect: ({ exchange }) => {
      expect(unwrapped(exchange)).toBe('id+with%3Acolon:p%25ss+%26+word')
      expect(exchange.form).not.toHaveProperty('client_secret')
    },
  },
  'a client in the body': {
    token: { clientAuth: 'body' },
    expect: ({ exchange }) => {
      expect(exchange.form).toMatchObject({ client_id: 'the-client', client_secret: 'the-client-secret' })
      expect(exchange.headers.authorization).toBeUndefined()
    },
  },
  'a secret as the user name': {
    token: { clientAuth: 'secret_as_basic_user' },
    expect: ({ exchange }) => expect(unwrapped(exchange)).toBe('the-client-secret:'),
  },
  'a client authenticated by a JWT': {
    token: { clientAuth: 'client_secret_jwt' },
    expect: ({ exchange, key }) => {
      expect(exchange.form).toMatchObject({
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      })
      const [header = '', claims = '', signature] = (exchange.form.client_assertion as string).split('.')
      expect(createHmac('sha256', 'the-client-secret').update(`${header}.${claims}`).digest('base64url')).toBe(
        signature,
      )
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
        iss: 'the-client',
        sub: 'the-client',
        aud: shop.at(key, '/token'),
      })
    },
  },
  'a token call in JSON': {
    token: { encoding: 'json', params: { nested: { expiring: true } } },
    expect: ({ exchange }) => {
      expect(exchange.headers['content-type']).toBe('application/json')
      expect(JSON.parse(exchange.body)).toMatchObject({
        grant_type: 'authorization_code',
        code: 'the-code',
        client_id: 'the-client',
        nested: { expiring: true },
      })
    },
  },
  'a token call by GET, everything in the query': {
    token: { method: 'GET', encoding: 'query' },
    expect: ({ exchange }) => expect([exchange.method, exchange.body]).toEqual(['GET', '']),
  },
  'headers of its own on the token call': {
    token: { headers: { 'x-version': '2', 'x-app': '{app.client_id}' } },
    expect: ({ exchange }) => expect(exchange.headers).toMatchObject({ 'x-version': '2', 'x-app': 'the-client' }),
  },
  'scopes separated by commas, in request and answer': {
    method: () => ({ scopes: { separator: ',', default: ['a', 'b'] } }),
    token: { response: { scopeSeparator: ',' } },
    shape: (fields) => ({ ...fields, scope: 'a,b' }),
    expect: ({ door, token }) => expect([door.searchParams.get('scope'), token.scopes]).toEqual(['a,b', ['a', 'b']]),
  },
  'scopes as a list, fewer than were asked for': {
    method: () => ({ scopes: { default: ['a', 'b'] } }),
    shape: (fields) => ({ ...fields, scope: ['a'] }),
    expect: ({ account }) => expect([account.grantedScopes, account.missingScopes]).toEqual([['a'], ['b']]),
  },
  'a second scope parameter, and a token for each': {
    method: () => ({
      scopes: {
        separator: ',',
        default: ['chat:write', 'user_scope:search:read'],
        extra: { user_scope: { label: 'For the person', known: ['search:read'], granted: 'authed_user.scope' } },
      },
    }),
    token: { response: { scopeSeparator: ',', named: { user: { root: 'authed_user', optional: true } } } },
    shape: (fields) => ({
      ...fields,
      scope: 'chat:write',
      authed_user: { access_token: 'the-persons', scope: 'search:read' },
    }),
    expect: ({ door, account, token }) => {
      expect([door.searchParams.get('scope'), door.searchParams.get('user_scope')]).toEqual([
        'chat:write',
        'search:read',
      ])
      expect([account.grantedScopes, account.missingScopes]).toEqual([['chat:write', 'user_scope:search:read'], []])
      expect(token.namedTokens).toEqual([{ name: 'user', accessToken: 'the-persons' }])
    },
  },
  'no PKCE, which the provider does not take': {
    method: (url) => ({ authorize: { url: url('/authorize'), pkce: 'off' } }),
    expect: ({ door, exchange }) =>
      expect([door.searchParams.has('code_challenge'), 'code_verifier' in exchange.form]).toEqual([false, false]),
  },
  'PKCE, which the provider requires': {
    method: (url) => ({ authorize: { url: url('/authorize'), pkce: 'required' } }),
    expect: ({ door, exchange }) => {
      expect(door.searchParams.get('code_challenge_method')).toBe('S256')
      expect(exchange.form.code_verifier).toMatch(/^[\w-]{43}$/)
    },
  },
  'a code under another name': {
    method: () => ({ callback: { codeParam: 'auth_code' } }),
    bring: () => ({ code: '', auth_code: 'another-code' }),
    expect: ({ exchange }) => expect(exchange.form.code).toBe('another-code'),
  },
  'a value in the callback that every call needs': {
    method: (url) => ({
      callback: { capture: { realm_id: 'realmId' }, require: ['realmId'] },
      api: { baseUrl: url('/company/{account.realm_id}') },
    }),
    bring: () => ({ realmId: '4620816365' }),
    expect: ({ token, key }) => expect(token.apiBaseUrl).toBe(shop.at(key, '/company/4620816365')),
  },
  'a callback that is signed': {
    method: () => ({ callback: { require: ['shop'], signature: { param: 'hmac', key: '{app.client_secret}' } } }),
    bring: (door) => {
      const params = { code: 'the-code', shop: 'acme.example', ...state(door) }
      const message = Object.entries(params)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}=${value}`)
        .join('&')
      return { ...params, hmac: createHmac('sha256', 'the-client-secret').update(message).digest('hex') }
    },
    expect: ({ account }) => expect(account.status).toBe('ACTIVE'),
  },
  'a callback that names its issuer': {
    method: (url) => ({ authorize: { url: url('/authorize'), issuer: 'https://issuer.example' } }),
    bring: () => ({ iss: 'https://issuer.example' }),
    expect: ({ account }) => expect(account.status).toBe('ACTIVE'),
  },
  'tokens wrapped, under other names': {
    token: {
      response: {
        root: 'data.auth',
        accessToken: 'token',
        refreshToken: 'renewal',
        expires: { path: 'valid_for', as: 'seconds' },
        capture: { site: 'data.site.id' },
      },
    },
    method: () => ({ apply: { headers: { authorization: 'Bearer {token.access}', 'x-site': '{token.site}' } } }),
    shape: ({ access_token, refresh_token }) => ({
      data: { auth: { token: access_token, renewal: refresh_token, valid_for: '7200' }, site: { id: 17 } },
    }),
    expect: ({ account, token }) => {
      expect(lasts(account)).toBeGreaterThan(7100)
      expect(token.headers).toContainEqual({ name: 'x-site', value: '17' })
    },
  },
  'errors with status 200': {
    token: {
      response: { ok: { path: 'ok', equals: true }, error: { code: 'error', grantCodes: ['code_already_used'] } },
    },
    shape: (fields) => ({ ok: true, ...fields }),
    expect: async ({ key, afterExpiry }) => {
      shop.answer(key, '/token', () => ({
        status: 200,
        body: { ok: false, error: 'code_already_used', access_token: 'not-really' },
      }))
      expect((await afterExpiry()).token).toMatchObject({
        __typename: 'AuthorizationRequired',
        reason: expect.stringContaining('code_already_used'),
      })
    },
  },
  'a form for an answer': {
    shape: (fields) => new URLSearchParams(fields as Record<string, string>).toString(),
    token: { response: { format: 'form' } },
    expect: ({ account }) => expect(lasts(account)).toBeGreaterThan(3500),
  },
  'the bare token for an answer': {
    method: () => ({ refresh: false }),
    token: { response: { format: 'text', refreshToken: false, expires: 'never' } },
    shape: (fields) => String(fields.access_token ?? ''),
    expect: ({ token }) => expect([token.accessToken, token.expiresAt]).toEqual(['access-1', null]),
  },
  'an expiry as a date': {
    token: { response: { expires: { path: 'expires_at', as: 'iso8601' } } },
    shape: (fields) => ({ ...fields, expires_at: new Date(inSeconds(5000)).toISOString() }),
    expect: ({ account }) => expect(lasts(account)).toBeGreaterThan(4900),
  },
  'an expiry as a Unix time': {
    token: { response: { expires: { path: 'exp', as: 'unix' } } },
    shape: (fields) => ({ ...fields, exp: Math.floor(inSeconds(5000) / 1000) }),
    expect: ({ account }) => expect(lasts(account)).toBeGreaterThan(4900),
  },
  'an expiry in milliseconds': {
    token: { response: { expires: { path: 'expires_in', as: 'milliseconds' } } },
    shape: (fields) => ({ ...fields, expires_in: 5_000_000 }),
    expect: ({ account }) => expect([lasts(account) > 4900, lasts(account) <= 5000]).toEqual([true, true]),
  },
  'an expiry as a duration': {
    token: { response: { expires: { path: 'lasts', as: 'duration' } } },
    shape: (fields) => ({ ...fields, lasts: 'P1DT2H' }),
    expect: ({ account }) => expect(Math.round(lasts(account) / 3600)).toBe(26),
  },
  'an expiry that is fixed and not in the answer': {
    token: { response: { expires: { fixed: 1800 } } },
    shape: ({ expires_in: _, ...fields }) => fields,
    expect: ({ account }) => expect(lasts(account)).toBeGreaterThan(1700),
  },
  'an expiry inside the token': {
    token: { response: { expires: 'jwt_exp' } },
    shape: ({ expires_in: _, ...fields }) => ({
      ...fields,
      access_token:
        fields.access_token === 'access-1' ? jwtOf({ exp: Math.floor(inSeconds(2500) / 1000) }) : fields.access_token,
    }),
    expect: ({ account }) => expect(lasts(account)).toBeGreaterThan(2400),
  },
  'an expiry that has to be asked for': {
    token: { response: { expires: 'introspect' } },
    method: (url) => ({
      introspect: {
        method: 'POST',
        url: url('/introspect'),
        auth: 'client_body',
        encoding: 'form',
        body: { token: '{token.access}' },
      },
    }),
    shape: ({ expires_in: _, ...fields }) => fields,
    answers: { '/introspect': () => ({ body: { active: true, exp: Math.floor(inSeconds(4000) / 1000) } }) },
    expect: ({ account, requests }) => {
      expect(lasts(account)).toBeGreaterThan(3900)
      expect(requests('/introspect')[0]?.form).toEqual({
        token: 'access-1',
        client_id: 'the-client',
        client_secret: 'the-client-secret',
      })
    },
  },
  'an unknown expiry': {
    shape: ({ expires_in: _, ...fields }) => fields,
    expect: ({ account, token }) => expect([account.tokenExpiresAt, token.expiresAt]).toEqual([null, null]),
  },
  'refreshing elsewhere, with other parameters': {
    method: (url) => ({
      refresh: { request: { url: url('/renew'), params: { flavour: 'new' }, response: { accessToken: 'renewed' } } },
    }),
    token: { clientAuth: 'basic' },
    answers: { '/renew': () => ({ body: { renewed: 'access-2', expires_in: 3600 } }) },
    expect: async ({ afterExpiry, requests }) => {
      expect((await afterExpiry()).token).toMatchObject({ accessToken: 'access-2' })
      const [renewal] = requests('/renew')
      expect(renewal?.form).toEqual({ grant_type: 'refresh_token', refresh_token: 'refresh-1', flavour: 'new' })
      expect(unwrapped(renewal as OddRequest)).toBe('the-client:the-client-secret')
    },
  },
  'a token that lives for 0 seconds and cannot be renewed: it does not end': {
    shape: (fields) => ({ ...fields, expires_in: 0, refresh_token: undefined }),
    expect: ({ account }) => {
      expect(account.tokenExpiresAt).toBeNull()
    },
  },
  'refreshing with the scopes again': {
    method: () => ({ refresh: { resendScope: true } }),
    expect: async ({ afterExpiry, requests }) => {
      await afterExpiry()
      expect(requests('/token')[1]?.form).toMatchObject({ grant_type: 'refresh_token', scope: 'read' })
    },
  },
  'refreshing by the access token, while it still works': {
    method: (url) => ({
      refresh: {
        using: 'access_token',
        refreshBefore: 7200,
        request: {
          url: url('/extend'),
          method: 'GET',
          encoding: 'query',
          clientAuth: 'none',
          omit: ['client_id'],
          grantType: 'extend',
          params: { access_token: '{token.access}' },
        },
      },
    }),
    token: { response: { refreshToken: false } },
    answers: { '/extend': () => ({ body: { access_token: 'access-2', expires_in: 864_000 } }) },
    expect: async ({ again, token, requests }) => {
      // It lasts an hour and is to be renewed two hours before its end: not at once, as it is new, but soon.
      expect(token.accessToken).toBe('access-1')
      await shop.world.pool.query("update credential set obtained_at = now() - interval '1 hour'")
      expect((await again()).token).toMatchObject({ accessToken: 'access-2' })
      expect(requests('/extend')).toHaveLength(1)
    },
  },
  'no refresh at all': {
    method: () => ({ refresh: false }),
    token: { response: { refreshToken: false } },
    expect: async ({ afterExpiry, requests }) => {
      expect((await afterExpiry()).token).toMatchObject({
        __typename: 'AuthorizationRequired',
        status: 'REAUTHORIZATION_REQUIRED',
      })
      expect(requests('/token')).toHaveLength(1)
    },
  },
  'a second exchange after the code': {
    method: (url) => ({
      further: [
        {
          url: url('/exchange'),
          method: 'GET',
          encoding: 'query',
          clientAuth: 'none',
          omit: ['client_id'],
          grantType: 'long',
          params: { secret: '{app.client_secret}', token: '{step1.access}' },
          response: { refreshToken: false },
        },
      ],
      refresh: false,
    }),
    token: { response: { refreshToken: false, capture: { user: 'user_id' } } },
    answers: { '/exchange': () => ({ body: { access_token: 'long-lived', expires_in: 5_184_000 } }) },
    shape: (fields) => ({ ...fields, user_id: 'u-1' }),
    expect: ({ token, account }) => {
      expect(token.accessToken).toBe('long-lived')
      expect(lasts(account)).toBeGreaterThan(5_000_000)
    },
  },
  'an identity behind a POST, in lists': {
    method: (url) => ({
      identity: {
        method: 'POST',
        url: url('/graphql'),
        encoding: 'json',
        body: { query: '{ me { id } }' },
        needs: 'none',
        expect: { path: 'data.0.me' },
        pick: { id: 'data.0.me.id', label: 'data.0.me.name', email: 'data.0.me.emails.0' },
      },
    }),
    answers: { '/graphql': () => ({ body: { data: [{ me: { id: 7, name: 'Ada', emails: ['ada@example.com'] } }] } }) },
    expect: ({ account, requests }) => {
      expect(account.providerIdentity).toEqual({ subject: '7', name: 'Ada', email: 'ada@example.com', tenant: null })
      expect(requests('/graphql')[0]).toMatchObject({ method: 'POST', body: '{"query":"{ me { id } }"}' })
    },
  },
  'lookups after connecting, each with what the last one found': {
    method: (url) => ({
      afterConnect: [
        { url: url('/sites'), needs: 'none', pick: { cloud_id: '0.id' } },
        { url: url('/sites/{account.cloud_id}'), needs: 'none', pick: { region: 'region' } },
      ],
      api: { baseUrl: url('/ex/{account.cloud_id}/{account.region}') },
    }),
    answers: { '/sites': () => ({ body: [{ id: 'cloud-7' }] }), '/sites/cloud-7': () => ({ body: { region: 'eu' } }) },
    expect: ({ token, key }) => expect(token.apiBaseUrl).toBe(shop.at(key, '/ex/cloud-7/eu')),
  },
  'a token that is not sent in the Authorization header': {
    method: () => ({
      apply: {
        headers: { 'x-token': '{token.access}', 'x-empty': '{token.none}' },
        query: { key: '{app.client_id}' },
        body: { auth: '{token.access}' },
        cookies: { session: '{token.access}' },
      },
    }),
    token: { response: { capture: { none: 'none' } } },
    expect: ({ token }) =>
      expect(token).toMatchObject({
        headers: [
          { name: 'x-token', value: 'access-1' },
          { name: 'cookie', value: 'session=access-1' },
        ],
        queryParams: [{ name: 'key', value: 'the-client' }],
        bodyParams: [{ name: 'auth', value: 'access-1' }],
      }),
  },
  'calls with a signature of their content': {
    method: (url) => ({
      apply: {
        headers: {
          authorization: 'Bearer {token.access}',
          'x-proof': '{token.access|hmac_sha256:app.client_secret|hex}',
          'x-signature': '{request.method + request.path|hmac_sha256:app.client_secret|base64}',
        },
      },
      identity: { url: url('/me'), needs: 'none', pick: { id: 'id' } },
    }),
    answers: {
      '/me': ({ headers, method, path }) =>
        headers['x-signature'] === createHmac('sha256', 'the-client-secret').update(`${method}${path}`).digest('base64')
          ? { body: { id: 'signed' } }
          : { status: 401, body: {} },
    },
    expect: ({ account, token }) => {
      expect(account.providerIdentity?.subject).toBe('signed')
      // The agent has to add what depends on its call.
      expect(token.headers.map(({ name }) => name)).toEqual(['authorization', 'x-proof'])
      expect(token.headers[1]?.value).toBe(createHmac('sha256', 'the-client-secret').update('access-1').digest('hex'))
    },
  },
  'a nonstandard header that says when to try again': {
    frame: () => ({
      api: { baseUrl: 'https://api.example', rateLimit: { header: 'x-reset', kind: 'at_unix', statuses: [403, 429] } },
    }),
    expect: async ({ afterExpiry, key }) => {
      shop.answer(key, '/token', () => ({
        status: 403,
        body: { error: 'rate_limited' },
        headers: { 'x-reset': String(Math.floor(inSeconds(90) / 1000)) },
      }))
      const { token } = await afterExpiry()
      expect(token).toMatchObject({ __typename: 'ProviderUnavailable' })
      expect((token as { retryAfter: number }).retryAfter).toBeGreaterThan(80)
    },
  },
}

for (const [index, [name, quirk]] of Object.entries(QUIRKS).entries()) departs(name, index, quirk)

describe('a callback that is', () => {
  const signed: Quirk = { ...(QUIRKS['a callback that is signed'] as Quirk) }
  it.each<[string, Quirk, (door: URL) => Record<string, string>]>([
    ['signed by somebody else', signed, (door) => ({ ...signed.bring?.(door), hmac: 'ab'.repeat(32) })],
    ['not signed', signed, (door) => ({ ...signed.bring?.(door), hmac: '' })],
    ['changed after it was signed', signed, (door) => ({ ...signed.bring?.(door), shop: 'evil.example' })],
    ['of another issuer', QUIRKS['a callback that names its issuer'] as Quirk, () => ({ iss: 'https://evil.example' })],
    ['of no issuer', QUIRKS['a callback that names its issuer'] as Quirk, () => ({})],
    ['without what the connector needs', QUIRKS['a value in the callback that every call needs'] as Quirk, () => ({})],
    ['without a code [input 29]', {} as Quirk, () => ({ code: '' })],
  ])('%s is refused, and nothing is exchanged [T7]', async (_what, quirk, bring) => {
    const { key, name } = await prepare({ ...quirk, expect: () => {} })
    shop.answer(key, '/token', () => ({ body: PLAIN }))
    const { page } = await shop.authorize(name, (door) => ({ code: 'the-code', ...state(door), ...bring(door) }))
    expect(page.text).toMatch(/does not come from|did not send|sent no code/)
    expect(shop.requestsTo(key, '/token')).toHaveLength(0)
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
  })

  it('nothing is sent to a host that the connector does not trust [T19]', async () => {
    const key = await shop.connector(
      (url) => ({
        type: 'oauth2',
        grant: 'authorization_code',
        authorize: { url: url('/authorize') },
        token: { url: url('/token'), response: { capture: { instance: 'instance_url' } } },
        identity: { url: '{token.instance}/me', pick: { id: 'id' } },
      }),
      { trustHosts: ['*.good.example'] },
    )
    const { name } = await shop.connection(key)
    shop.answer(key, '/token', () => ({ body: { ...PLAIN, instance_url: shop.at(key, '') } }))
    const { page } = await shop.authorize(name, (door) => ({ code: 'c', ...state(door) }))
    expect(page.text).toContain('not one that this connector trusts')
    expect(shop.requestsTo(key, '/me')).toHaveLength(0)
  })
})
