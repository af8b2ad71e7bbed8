/**
 * Conversations with providers as they are: what they send beside, or instead of, what the standards say. Each test
 * goes through the public protocol, with a provider that answers in its odd way. Departures that a definition
 * describes are in quirks.test.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Connection } from '../src/connections/connection.js'
import { graphql } from './generated/gql.js'
import { createConnection, startAuthorization as startLink } from './support/documents.js'
import type { OddRequest } from './support/odd-provider.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open()
})
afterAll(() => shop.close())

type Url = (path: string) => string

const PLAIN = { access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 3600, scope: 'read' }
const CLIENT = { client_id: 'the-client', client_secret: 'the-client-secret' }
const disconnect = graphql(`
  mutation DisconnectAfterDialog($id: ID!) {
    disconnectConnectedAccount(id: $id) { revocation }
  }
`)

/** A connection with a method by authorization code, whose token endpoint answers plainly unless told otherwise. */
async function dialog(
  method: (url: Url) => Record<string, unknown> = () => ({}),
  {
    token,
    frame,
    client = CLIENT,
  }: { token?: Record<string, unknown>; frame?: Record<string, unknown>; client?: Record<string, string> } = {},
) {
  const key = await shop.connector(
    (url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: url('/authorize') },
      scopes: { default: ['read'] },
      ...method(url),
      token: { url: url('/token'), ...token },
    }),
    frame,
  )
  shop.answer(key, '/token', () => ({ body: PLAIN }))
  const { name } = await shop.connection(key, client)
  const come = (bring: Record<string, string> = {}, fields: Record<string, string> = {}) =>
    shop.authorize(name, (door) => ({ code: 'the-code', state: stateOf(door), ...bring }), fields)
  return { key, name, come }
}

const stateOf = (door: URL) => door.searchParams.get('state') ?? ''
const account = async (name: string) =>
  (await shop.credential(name)) as NonNullable<Awaited<ReturnType<Workshop['credential']>>>
const basicOf = ({ headers }: OddRequest) =>
  Buffer.from(headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString()

describe('the app shows who it is', () => {
  const client = { client_id: 'app id:1', client_secret: 'a%b+c/d:e~f' }
  const encoded = 'app+id%3A1:a%25b%2Bc%2Fd%3Ae%7Ef'

  it.each([
    ['basic', 'client', encoded],
    ['body', 'client_basic', encoded],
    ['basic_raw', 'client', 'app id:1:a%b+c/d:e~f'],
    ['secret_as_basic_user', 'client', 'a%b+c/d:e~f:'],
  ])('with clientAuth %s, to a revocation with auth %s as to the token endpoint', async (clientAuth, auth, header) => {
    const { key, name, come } = await dialog(
      (url) => ({
        revoke: [{ method: 'POST', url: url('/revoke'), auth, encoding: 'form', body: { token: '{token.access}' } }],
      }),
      { token: { clientAuth }, client },
    )
    shop.answer(key, '/revoke', () => ({ body: {} }))
    await come()
    await shop.world.get(disconnect, { id: (await account(name)).id })
    const [exchange] = shop.requestsTo(key, '/token')
    const [revocation] = shop.requestsTo(key, '/revoke')
    expect(revocation && basicOf(revocation)).toBe(header)
    expect(revocation?.form).toEqual({ token: 'access-1' })
    if (auth === 'client') expect(exchange?.headers.authorization).toBe(revocation?.headers.authorization)
  })

  it('to an introspection, in the same way', async () => {
    const { key, come } = await dialog(
      (url) => ({
        introspect: {
          method: 'POST',
          url: url('/introspect'),
          auth: 'client',
          encoding: 'form',
          body: { token: '{token.access}' },
        },
      }),
      { token: { clientAuth: 'basic', response: { expires: 'introspect' } }, client },
    )
    shop.answer(key, '/introspect', () => ({ body: { exp: Math.floor(Date.now() / 1000) + 7200 } }))
    await come()
    expect(shop.requestsTo(key, '/introspect').map(basicOf)).toEqual([encoded])
  })
})

describe('what is long', () => {
  it.each([5_000, 16_000])('a code of %i characters is taken', async (length) => {
    const { key, name, come } = await dialog()
    const code = 'c'.repeat(length)
    const { page } = await come({ code })
    expect(page.text).toContain('is connected')
    expect(shop.requestsTo(key, '/token')[0]?.form.code).toBe(code)
    expect(await account(name)).toMatchObject({ status: 'ACTIVE' })
  })

  it('a token of 16,000 characters is handed out, and so is a captured value of 2,000', async () => {
    const { key, name, come } = await dialog(() => ({
      callback: { capture: { ticket: 'ticket' } },
      apply: { headers: { authorization: 'Bearer {token.access}', 'x-ticket': '{account.ticket}' } },
    }))
    const long = 't'.repeat(16_000)
    const ticket = 'k'.repeat(2_000)
    shop.answer(key, '/token', () => ({ body: { ...PLAIN, access_token: long } }))
    await come({ ticket })
    expect((await account(name)).token).toMatchObject({
      accessToken: long,
      headers: [
        { name: 'authorization', value: `Bearer ${long}` },
        { name: 'x-ticket', value: ticket },
      ],
    })
  })

  it('a request token of 1,500 characters is known again when it comes back', async () => {
    const key = await shop.connector((url) => ({
      type: 'oauth1',
      requestToken: { url: url('/request') },
      authorize: { url: url('/authorize') },
      accessToken: { url: url('/access') },
    }))
    const token = 'r'.repeat(1_500)
    const pair = (name: string) => `oauth_token=${name}&oauth_token_secret=s&oauth_callback_confirmed=true`
    shop.answer(key, '/request', () => ({ body: pair(token) }))
    shop.answer(key, '/access', () => ({ body: pair('access') }))
    const { name } = await shop.connection(key)
    const { page } = await shop.authorize(name, () => ({ oauth_token: token, oauth_verifier: 'v' }))
    expect(page.text).toContain('is connected')
  })
})

describe('a callback', () => {
  const comeBack = async (name: string, query: (state: string) => string) => {
    const { startAuthorization: link } = await shop.world.get(startLink, {
      input: { connection: name, identifier: 'ada' },
    })
    const visitor = new Visitor()
    const door = new URL(await visitor.start(link.url as string, (url) => url.startsWith(shop.provider.url)))
    const { redirectUri } = await shop.connectionOf(name)
    return visitor.open(`${redirectUri}?${query(stateOf(door))}`)
  }

  it.each<[string, (state: string) => string]>([
    ['a parameter that nobody knows, twice', (state) => `code=c&state=${state}&hint=a&hint=b`],
    ['an empty error', (state) => `error=&code=c&state=${state}`],
    ['an empty error with a description', (state) => `code=c&state=${state}&error=&error_description=`],
    ['an empty denied and an empty request token', (state) => `oauth_token=&denied=&code=c&state=${state}`],
  ])('with %s counts', async (_what, query) => {
    const { name } = await dialog()
    expect((await comeBack(name, query)).text).toContain('is connected')
  })

  it.each<[string, (state: string) => string]>([
    ['two codes', (state) => `code=c&code=d&state=${state}`],
    ['two states', (state) => `code=c&state=${state}&state=${state}`],
    ['a code and an error', (state) => `code=c&error=access_denied&state=${state}`],
  ])('with %s is refused before anything is exchanged', async (_what, query) => {
    const { key, name } = await dialog()
    expect((await comeBack(name, query)).status).toBe(400)
    expect(shop.requestsTo(key, '/token')).toHaveLength(0)
  })

  it('with two of a value that the connector needs lacks it', async () => {
    const { key, name } = await dialog(() => ({ callback: { require: ['realm'], capture: { realm: 'realm' } } }))
    const page = await comeBack(name, (state) => `code=c&state=${state}&realm=1&realm=2`)
    expect(page.text).toContain('did not send realm')
    expect(shop.requestsTo(key, '/token')).toHaveLength(0)
  })
})

describe('a token answer', () => {
  const form = 'access_token=access-1&expires_in=3600&refresh_token=refresh-1&scope=read'
  it.each<[string, string, string | null]>([
    ['a form that says it is HTML', form, 'text/html; charset=utf-8'],
    ['a form that says nothing', form, null],
    ['a form that says it is JSON', `${form}\n`, 'application/json'],
    ['JSON that says it is HTML', JSON.stringify(PLAIN), 'text/html'],
    ['JSON with a mark of its byte order, without a type', `\ufeff${JSON.stringify(PLAIN)}`, null],
  ])('as %s is read', async (_what, body, type) => {
    const { key, name, come } = await dialog()
    shop.answer(key, '/token', () => (response) => {
      if (type === null) response.removeHeader('content-type')
      response.writeHead(200, type === null ? {} : { 'content-type': type }).end(body)
    })
    await come()
    expect((await account(name)).token).toMatchObject({ accessToken: 'access-1', scopes: ['read'] })
  })

  it('that is a form is none where the definition says JSON', async () => {
    const { key, come } = await dialog(undefined, { token: { response: { format: 'json' } } })
    shop.answer(key, '/token', () => ({ body: form }))
    expect((await come()).page.text).toContain('not a token answer')
  })

  it.each([
    ['refresh_token_expires_in', {}],
    ['x_refresh_token_expires_in', {}],
    ['refresh_expires_in', {}],
    ['refreshTokenExpiresIn', { root: 'data' }],
  ])('that says %s tells by when the user has to come again', async (name, response) => {
    const { key, name: connection, come } = await dialog(undefined, { token: { response } })
    let lasts = 86_400
    const answer = () => ({ ...PLAIN, [name]: lasts })
    shop.answer(key, '/token', () => ({ body: 'root' in response ? { data: answer() } : answer() }))
    await come()
    const due = async () =>
      Math.round((Date.parse((await account(connection)).reauthorizationDueAt as string) - Date.now()) / 1000)
    expect(Math.abs((await due()) - 86_400)).toBeLessThan(30)
    // A refresh tells anew.
    lasts = 172_800
    await shop.expire()
    await account(connection)
    expect(Math.abs((await due()) - 172_800)).toBeLessThan(30)
  })

  it('whose refresh token lasts for 0 seconds has one that does not end', async () => {
    const { key, name, come } = await dialog()
    shop.answer(key, '/token', () => ({ body: { ...PLAIN, refresh_expires_in: 0 } }))
    await come()
    expect((await account(name)).reauthorizationDueAt).toBeNull()
  })
})

describe('granted scopes', () => {
  const strava = () => ({
    scopes: { separator: ',', default: ['read', 'activity:read'], aliases: { all: 'read' } },
    callback: { scopes: 'scope' },
  })
  const silent = { access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 3600 }

  it.each([
    ['with a comma', 'read', {}, ['read']],
    ['with blanks', 'activity:read read', {}, ['activity:read', 'read']],
    ['under another name', 'all', {}, ['read']],
    ['with a separator of their own', 'read|activity:read', { scopeSeparator: '|' }, ['read', 'activity:read']],
    ['where nothing was granted', '', {}, []],
  ])('are read from the callback, %s', async (_what, scope, response, granted) => {
    const { key, name, come } = await dialog(strava, { token: { response } })
    shop.answer(key, '/token', () => ({ body: silent }))
    await come({ scope })
    const { grantedScopes, missingScopes } = await account(name)
    expect(grantedScopes).toEqual(granted)
    expect(missingScopes).toEqual(['read', 'activity:read'].filter((one) => !granted.includes(one)))
  })

  it('are those of the token answer where it has them', async () => {
    const { key, name, come } = await dialog(strava)
    shop.answer(key, '/token', () => ({ body: { ...silent, scope: 'read' } }))
    await come({ scope: 'read,activity:read' })
    expect((await account(name)).grantedScopes).toEqual(['read'])
  })

  it.each([
    ['an empty text', ''],
    ['an empty list', []],
    ['nothing', undefined],
  ])('stay where a refresh answers with %s', async (_what, scope) => {
    const { key, name, come } = await dialog()
    await come()
    shop.answer(key, '/token', () => ({ body: { ...PLAIN, access_token: 'access-2', scope } }))
    await shop.expire()
    expect(await account(name)).toMatchObject({ grantedScopes: ['read'], token: { accessToken: 'access-2' } })
  })
})

describe('a grant that is not kept', () => {
  const revoking = (url: Url) => ({
    revoke: [{ method: 'POST', url: url('/revoke'), encoding: 'form', body: { token: '{token.refresh}' } }],
  })

  it.each<[string, Record<string, unknown>, Record<string, number>]>([
    ['a lookup fails', { afterConnect: [{ url: '/sites', needs: 'none', pick: { site: 'id' } }] }, { '/sites': 500 }],
    [
      'a lookup is refused',
      { afterConnect: [{ url: '/sites', needs: 'none', pick: { site: 'id' } }] },
      { '/sites': 403 },
    ],
    [
      'its identity is required and refused',
      { identity: { url: '/me', needs: 'none', required: true, pick: { id: 'id' } } },
      { '/me': 403 },
    ],
    [
      'its identity is required and names nobody',
      { identity: { url: '/me', needs: 'none', required: true, pick: { id: 'none' } } },
      {},
    ],
  ])('since %s, is given back to the provider', async (_what, part, statuses) => {
    const { key, name, come } = await dialog((url) => ({
      ...revoking(url),
      ...JSON.parse(JSON.stringify(part), (member, value) => (member === 'url' ? url(value) : value)),
    }))
    for (const path of ['/sites', '/me'])
      shop.answer(key, path, () => ({ status: statuses[path] ?? 200, body: { id: 'x' } }))
    shop.answer(key, '/revoke', () => ({ body: {} }))
    const { page } = await come()
    expect(page.text).toContain('did not work')
    expect(shop.requestsTo(key, '/revoke').map(({ form }) => form.token)).toEqual(['refresh-1'])
    expect(await account(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
  })

  it('since somebody else came, is given back, and not where that person has an account of their own', async () => {
    const { key, name, come } = await dialog((url) => ({
      ...revoking(url),
      identity: { url: url('/me'), needs: 'none', pick: { id: 'id' } },
    }))
    shop.answer(key, '/revoke', () => ({ body: {} }))
    let person = 'ada'
    shop.answer(key, '/me', () => ({ body: { id: person } }))
    await come()
    person = 'grace'
    expect((await come()).page.text).toContain('Another person signed in')
    expect(shop.requestsTo(key, '/revoke')).toHaveLength(1)
    await shop.authorize(name, (door) => ({ code: 'c', state: stateOf(door) }), {}, 'grace')
    await come()
    expect(shop.requestsTo(key, '/revoke')).toHaveLength(1)
    expect(await account(name)).toMatchObject({ status: 'ACTIVE', providerIdentity: { subject: 'ada' } })
  })

  it('of a session that was opened to try a password, is ended', async () => {
    const key = await shop.connector((url) => ({
      type: 'token_exchange',
      accountFields: [{ key: 'password', label: 'Password', kind: 'secret' }],
      steps: [{ url: url('/login'), clientAuth: 'none', params: { password: '{account.password}' } }],
      verify: { url: url('/check') },
      apply: { headers: { 'x-session': '{token.access}' } },
      revoke: [{ method: 'POST', url: url('/logout') }],
    }))
    shop.answer(key, '/login', () => ({ body: { access_token: 'session-1' } }))
    shop.answer(key, '/check', () => ({ status: 401, body: {} }))
    shop.answer(key, '/logout', () => ({ body: {} }))
    const { name } = await shop.connection(key, {})
    const { errors } = await shop.tryAccount(name, { password: 'pass-word-1' })
    expect(errors?.[0]?.extensions.code).toBe('PROVIDER_REJECTED')
    expect(shop.requestsTo(key, '/logout').map(({ headers }) => headers['x-session'])).toEqual(['session-1'])
  })
})

describe('an identity', () => {
  it.each([403, 500])(
    'that cannot be read (%i) is missing with a note, and is demanded once it is known',
    async (status) => {
      const { key, name, come } = await dialog((url) => ({
        identity: { url: url('/me'), needs: 'none', pick: { id: 'id' } },
      }))
      shop.answer(key, '/me', () => ({ status, body: {} }))
      expect((await come()).page.text).toContain('is connected')
      const { providerIdentity, status: active, statusReason } = await account(name)
      expect([providerIdentity, active]).toEqual([null, 'ACTIVE'])
      expect(statusReason).toContain('not known whose account this is')
      shop.answer(key, '/me', () => ({ body: { id: 'ada' } }))
      await come()
      expect(await account(name)).toMatchObject({ statusReason: null, providerIdentity: { subject: 'ada' } })
      shop.answer(key, '/me', () => ({ status, body: {} }))
      expect((await come()).page.text).toContain('did not work')
    },
  )

  it.each<[string, (url: Url) => Record<string, unknown>, string]>([
    ['the callback', () => ({ callback: { capture: { realm: 'realmId' } } }), '{account.realm}'],
    ['the token answer', () => ({}), '{token.team}'],
    [
      'a lookup',
      (url) => ({ afterConnect: [{ url: url('/org'), needs: 'none', pick: { org: 'id' } }] }),
      '{account.org}',
    ],
  ])('is bound to the tenant that %s names', async (_what, part, tenant) => {
    const { key, name, come } = await dialog(
      (url) => ({ ...part(url), identity: { url: url('/me'), needs: 'none', tenant, pick: { id: 'id' } } }),
      { token: { response: { capture: { team: 'team.id' } } } },
    )
    let company = 'first'
    shop.answer(key, '/token', () => ({ body: { ...PLAIN, access_token: `access-${company}`, team: { id: company } } }))
    shop.answer(key, '/org', () => ({ body: { id: company } }))
    shop.answer(key, '/me', () => ({ body: { id: 'ada' } }))
    await come({ realmId: company })
    company = 'second'
    const { page } = await come({ realmId: company })
    expect(page.text).toContain('Another company, organisation or workspace')
    expect(await account(name)).toMatchObject({
      providerIdentity: { subject: 'ada', tenant: 'first' },
      token: { accessToken: 'access-first' },
    })
    company = 'first'
    expect((await come({ realmId: company })).page.text).toContain('is connected')
  })
})

describe('a data centre that the callback names', () => {
  it.each([
    ['is where the code is exchanged, tokens are renewed and revoked', '127.0.0.1', true],
    ['gets nothing where the connector does not trust it', '*.trusted.example', false],
  ])('%s', async (_what, trusted, isTaken) => {
    const { key, name, come } = await dialog(
      () => ({
        callback: { capture: { accounts: 'accounts-server' } },
        revoke: [{ method: 'POST', url: "{account.accounts ?? 'https://us.trusted.example'}/revoke" }],
      }),
      {
        token: { url: "{account.accounts ?? 'https://us.trusted.example'}/token" },
        frame: { trustHosts: [trusted] },
      },
    )
    const centre = `${key}/eu`
    let count = 0
    for (const path of ['/token', '/revoke'])
      shop.answer(centre, path, () => ({ body: { ...PLAIN, access_token: `eu-${++count}` } }))
    const { page } = await come({ 'accounts-server': shop.at(centre, '') })
    if (!isTaken) {
      expect(page.text).toContain('not one that this connector trusts')
      return expect(shop.requestsTo(centre, '/token')).toHaveLength(0)
    }
    await shop.expire()
    const { id, token } = await account(name)
    expect(token).toMatchObject({ accessToken: 'eu-2' })
    await shop.world.get(disconnect, { id })
    expect([shop.requestsTo(centre, '/token').length, shop.requestsTo(centre, '/revoke').length]).toEqual([2, 1])
    expect(shop.requestsTo(key, '/token')).toHaveLength(0)
  })
})

describe('what each call needs besides the token', () => {
  it.each<[string, (url: Url) => Record<string, unknown>, string]>([
    ['the callback', () => ({ callback: { capture: { tenant: 'tenant' } } }), '{account.tenant}'],
    ['the token answer', () => ({}), '{token.tenant}'],
    [
      'a lookup',
      (url) => ({ afterConnect: [{ url: url('/tenants'), needs: 'none', pick: { tenant: '0.id' } }] }),
      '{account.tenant}',
    ],
  ])('is handed out as a header, from %s, also after a refresh', async (_what, part, source) => {
    const { key, name, come } = await dialog(
      (url) => ({
        ...part(url),
        apply: { headers: { authorization: 'Bearer {token.access}', 'x-tenant': source } },
      }),
      { token: { response: { capture: { tenant: 'tenant' } } } },
    )
    shop.answer(key, '/token', () => ({ body: { ...PLAIN, tenant: 't-1' } }))
    shop.answer(key, '/tenants', () => ({ body: [{ id: 't-1' }] }))
    await come({ tenant: 't-1' })
    shop.answer(key, '/token', () => ({ body: { ...PLAIN, access_token: 'access-2' } }))
    await shop.expire()
    expect((await account(name)).token).toMatchObject({
      headers: [
        { name: 'authorization', value: 'Bearer access-2' },
        { name: 'x-tenant', value: 't-1' },
      ],
    })
  })
})

describe('an MCP server', () => {
  /** Answers as a server whose authorization server is at `/as`. */
  const serve = async (scopes?: string[]) => {
    const key = await shop.connector((url) => ({ type: 'mcp', serverUrl: url('/mcp'), auth: 'oauth' }))
    const at = (path: string, answer: Parameters<Workshop['answer']>[2]) => {
      shop.provider.answers[path] = answer
    }
    const issuer = shop.at(key, '/as')
    const metadata = (of = issuer) => ({
      issuer: of,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      registration_endpoint: `${issuer}/register`,
      code_challenge_methods_supported: ['S256'],
    })
    const resource = { resource: shop.at(key, '/mcp'), authorization_servers: [issuer], scopes_supported: ['mcp:read'] }
    shop.answer(key, '/mcp', () => ({ status: 401, body: {} }))
    at(`/.well-known/oauth-protected-resource/${key}/mcp`, () => ({ body: resource }))
    at(`/.well-known/oauth-authorization-server/${key}/as`, () => ({ body: metadata() }))
    shop.answer(key, '/as/register', () => ({ status: 201, body: { client_id: 'registered' } }))
    const connect = async () =>
      (await shop.world.get(createConnection, { input: { connector: key, ...(scopes ? { scopes } : {}) } }))
        .createConnection
    return { key, at, issuer, metadata, resource, connect }
  }

  it.each([500, 502, 403])('is found at the next well-known place where one answers %i', async (status) => {
    const { key, at, metadata, resource, connect } = await serve()
    at(`/.well-known/oauth-protected-resource/${key}/mcp`, () => ({ status, body: 'no' }))
    at('/.well-known/oauth-protected-resource', () => ({ body: resource }))
    at(`/.well-known/oauth-authorization-server/${key}/as`, () => ({ status, body: 'no' }))
    at(`/${key}/as/.well-known/openid-configuration`, () => ({ body: metadata() }))
    expect(await connect()).toMatchObject({ status: 'ACTIVE', problem: null })
    delete shop.provider.answers['/.well-known/oauth-protected-resource']
  })

  it.each<[string, (server: Awaited<ReturnType<typeof serve>>) => void]>([
    [
      'fails',
      ({ key, at }) => at(`/.well-known/oauth-authorization-server/${key}/first`, () => ({ status: 500, body: '' })),
    ],
    ['is not there', () => {}],
    [
      'offers no S256',
      ({ key, at, metadata }) =>
        at(`/.well-known/oauth-authorization-server/${key}/first`, () => ({
          body: { ...metadata(shop.at(key, '/first')), code_challenge_methods_supported: [] },
        })),
    ],
  ])('is authorized by its second authorization server where the first %s', async (_what, spoil) => {
    const server = await serve()
    const { key, at, resource, issuer, connect } = server
    spoil(server)
    at(`/.well-known/oauth-protected-resource/${key}/mcp`, () => ({
      body: { ...resource, authorization_servers: [shop.at(key, '/first'), issuer] },
    }))
    expect(await connect()).toMatchObject({ status: 'ACTIVE', problem: null })
  })

  it('that never ends its first answer is known by its headers', async () => {
    const { key, connect } = await serve()
    shop.answer(key, '/mcp', () => (response) => {
      response.writeHead(401, { 'content-type': 'text/event-stream' }).write(': open\n\n')
    })
    expect(await connect()).toMatchObject({ status: 'ACTIVE', problem: null })
  })

  it.each([
    ['its own scopes', undefined, 'mcp:read'],
    ['the scopes of the connection', ['files:write', 'mcp:read'], 'files:write mcp:read'],
  ])('registers a client for %s', async (_what, scopes, scope) => {
    const { key, connect } = await serve(scopes)
    await connect()
    expect(shop.requestsTo(key, '/as/register').map(({ body }) => JSON.parse(body).scope)).toEqual([scope])
  })

  it.each([
    ['JSON', 400, { error: 'invalid_client', error_description: 'Client not found' }],
    ['a page', 404, '<h1>Error</h1><p>The client <b></b> is not registered here.</p>'],
    ['a plain text', 401, 'unknown client'],
  ])('that has forgotten its client, and says so in %s, registers another one', async (_what, status, body) => {
    const { key, issuer, connect } = await serve()
    const { name } = await connect()
    shop.answer(key, '/as/authorize', () => ({ status, body }))
    shop.answer(key, '/as/register', () => ({ status: 201, body: { client_id: 'registered-anew' } }))
    const clients: (string | null)[] = []
    for (let user = 0; user < 5; user++) {
      const { startAuthorization: link } = await shop.world.get(startLink, {
        input: { connection: name, identifier: `lost-${user}` },
      })
      const door = await new Visitor().start(link.url as string, (url) => url.startsWith(`${issuer}/authorize`))
      clients.push(new URL(door).searchParams.get('client_id'))
    }
    expect(clients).toEqual(['registered', 'registered', 'registered', 'registered-anew', 'registered-anew'])
    expect(shop.requestsTo(key, '/as/register')).toHaveLength(2)
  })

  it.each([
    ['a page to sign in', 200, '<form>client not found</form>'],
    ['a redirect', 302, ''],
    ['a fault', 500, 'unknown client'],
    ['another refusal', 400, 'The scope is not allowed.'],
  ])('that shows %s keeps its client', async (_what, status, body) => {
    const { key, issuer, connect } = await serve()
    const { name } = await connect()
    shop.answer(key, '/as/authorize', () => ({ status, body }))
    for (let user = 0; user < 4; user++) {
      const { startAuthorization: link } = await shop.world.get(startLink, {
        input: { connection: name, identifier: `away-${user}` },
      })
      await new Visitor().start(link.url as string, (url) => url.startsWith(`${issuer}/authorize`))
    }
    expect(shop.requestsTo(key, '/as/register')).toHaveLength(1)
  })
})

describe('a second token of a grant', () => {
  const slack = () => ({
    scopes: { default: ['read'], extra: { user_scope: { label: 'As the person', granted: 'authed_user.scope' } } },
  })
  const withUser = { token: { response: { named: { user: { root: 'authed_user', optional: true } } } } }
  /** Lifetimes in seconds: of the main token, and of the person's. */
  const rotating = async (main: number, user: number) => {
    const made = await dialog(slack, withUser)
    const counts = { main: 1, user: 1 }
    const tokenOf = (of: 'main' | 'user') => ({
      access_token: `${of}-${counts[of]}`,
      refresh_token: `${of}-refresh-${counts[of]}`,
      expires_in: 43_200,
    })
    shop.answer(made.key, '/token', ({ form }) => {
      if (form.grant_type === 'authorization_code')
        return {
          body: {
            ...{ ...tokenOf('main'), expires_in: main, scope: 'read' },
            authed_user: { ...tokenOf('user'), expires_in: user, scope: 'search:read' },
          },
        }
      const of = form.refresh_token?.startsWith('user') ? 'user' : 'main'
      if (form.refresh_token !== `${of}-refresh-${counts[of]}`) return { status: 400, body: { error: 'invalid_grant' } }
      counts[of]++
      return { body: tokenOf(of) }
    })
    await made.come()
    const sent = () => shop.requestsTo(made.key, '/token').flatMap(({ form }) => form.refresh_token ?? [])
    return { ...made, sent }
  }
  /** Moves the account on in time, with all of its tokens. */
  const later = async (name: string, seconds: number) => {
    const shift = seconds * 1000
    const connection = await shop.world.orm.em.fork().findOneOrFail(Connection, { name })
    const { rows } = await shop.world.pool.query(
      'select c.* from credential c join connected_account a on a.id = c.account_id where a.connection_id = $1',
      [connection.uuid],
    )
    const [row] = rows
    const place = { table: 'credential', column: 'access', row: row.account_id, version: row.version }
    const secret = JSON.parse(shop.world.vault.open(row.access, place))
    const earlier = (date: string | null) => date && new Date(Date.parse(date) - shift).toISOString()
    secret.expiresAt = earlier(secret.expiresAt)
    for (const token of Object.values<{ expiresAt: string | null }>(secret.named))
      token.expiresAt = earlier(token.expiresAt)
    await shop.world.pool.query(
      `update credential set access = $2, obtained_at = obtained_at - make_interval(secs => $3),
         expires_at = expires_at - make_interval(secs => $3) where account_id = $1`,
      [row.account_id, shop.world.vault.seal(JSON.stringify(secret), place), seconds],
    )
  }

  it('is asked for by a scope parameter of its own', async () => {
    const { key } = await dialog(slack, withUser)
    const { name } = await shop.world
      .get(createConnection, {
        input: {
          connector: key,
          scopes: ['read', 'user_scope:search:read'],
          fields: Object.entries(CLIENT).map(([field, value]) => ({ key: field, value })),
        },
      })
      .then(({ createConnection }) => createConnection)
    const { door } = await shop.authorize(name, (door) => ({ code: 'c', state: stateOf(door) }))
    expect([door.searchParams.get('scope'), door.searchParams.get('user_scope')]).toEqual(['read', 'search:read'])
  })

  it.each([
    ['alone, where it ends first', 43_200, 7_200, 7_200, ['user-refresh-1'], 'main-1', 'user-2'],
    ['not, where the main one ends first', 7_200, 43_200, 7_200, ['main-refresh-1'], 'main-2', 'user-1'],
    [
      'with the main one, where both end',
      7_200,
      7_200,
      7_300,
      ['main-refresh-1', 'user-refresh-1'],
      'main-2',
      'user-2',
    ],
  ])('is renewed %s', async (_what, main, user, elapsed, refreshes, access, named) => {
    const { name, sent } = await rotating(main, user)
    const first = (await account(name)) as { tokenExpiresAt: string }
    expect(Math.abs(Date.parse(first.tokenExpiresAt) - Date.now() - Math.min(main, user) * 1000)).toBeLessThan(30_000)
    await later(name, elapsed)
    const { token, status } = await account(name)
    expect([...sent()].sort()).toEqual(refreshes)
    expect(token).toMatchObject({ accessToken: access, namedTokens: [{ name: 'user', accessToken: named }] })
    expect(status).toBe('ACTIVE')
    // What was renewed lasts, and nothing more is sent.
    await account(name)
    expect(sent()).toHaveLength(refreshes.length)
  })

  it('is renewed again with the refresh token that it got', async () => {
    const { name, sent } = await rotating(86_400, 7_200)
    await later(name, 7_300)
    await account(name)
    await later(name, 43_300)
    expect((await account(name)).token).toMatchObject({ namedTokens: [{ accessToken: 'user-3' }] })
    expect(sent()).toEqual(['user-refresh-1', 'user-refresh-2'])
  })

  it('is the only one where a user authorized no other', async () => {
    const { key, name, come } = await dialog(slack, withUser)
    let count = 0
    shop.answer(key, '/token', ({ form }) => {
      const token = { access_token: `user-${++count}`, refresh_token: `r-${count}`, expires_in: 7_200 }
      return { body: form.grant_type === 'authorization_code' ? { authed_user: token } : token }
    })
    await come()
    await later(name, 7_300)
    expect((await account(name)).token).toMatchObject({ accessToken: '', namedTokens: [{ accessToken: 'user-2' }] })
  })
})
