/**
 * Bad inputs that no other file has at hand: what a caller or a browser may send, and what becomes of it. Their numbers
 * are those of test/threats.yaml, which docs/threats.md is made from.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey, importTokens, startAuthorization } from './support/documents.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'
import { post } from './support/world.js'

let shop: Workshop
/** A connection whose users enter a part of a host name and a key. */
let sites: string
/** A connection of an OAuth provider, and the key of its connector. */
let oauth: { key: string; name: string }

beforeAll(async () => {
  shop = await Workshop.open()
  const siteKey = await shop.connector((url) => ({
    type: 'static',
    preset: 'custom',
    accountFields: [
      { key: 'site', label: 'Site', kind: 'subdomain' },
      { key: 'api_key', label: 'API key', kind: 'secret' },
    ],
    apply: { headers: { 'x-key': '{account.api_key}' } },
    verify: { url: url('/me') },
  }))
  shop.answer(siteKey, '/me', () => ({ body: {} }))
  sites = (await shop.connection(siteKey, {})).name
  oauth = await provider()
})
afterAll(() => shop.close())

async function provider() {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: { url: url('/token') },
  }))
  shop.answer(key, '/token', () => ({ body: { access_token: 'a', refresh_token: 'r', expires_in: 3600 } }))
  return { key, name: (await shop.connection(key)).name }
}

const ask = (document: string, variables: object = {}) =>
  post<Record<string, unknown>, object>(shop.world.url, document, variables, shop.world.adminKey)
const stateOf = (door: URL) => ({ state: door.searchParams.get('state') as string })
const begin = async (connection: string, more: object = {}) =>
  (await shop.world.get(startAuthorization, { input: { connection, identifier: 'ada', ...more } })).startAuthorization

describe('what an application sends', () => {
  it.each(['evil.com/', 'a.b@c', 'x#', 'x?', '..', '%2e', 'a。b', 'é', 'a'.repeat(64), ''])(
    'as a part of a host name is not %j [T19, input 14]',
    async (site) => {
      const { errors } = await shop.tryAccount(sites, { site, api_key: 'k' }, 'sitting')
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
      expect(await shop.credential(sites, { identifier: 'sitting' })).toBeNull()
    },
  )

  it.each(['', ' a', 'a\nb', 'x'.repeat(1024)])('as the name of a user is not %j [input 21]', async (identifier) => {
    const input = { connection: oauth.name, identifier, oauth2: { accessToken: 'a' } }
    const { errors } = await shop.world.ask(importTokens, { input })
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['input', 'identifier'] })
  })

  it('as two names that differ in capitals is two users [input 21]', async () => {
    const ids = await Promise.all(
      ['Ada@Example.com', 'ada@example.com'].map(
        async (identifier) =>
          (await shop.world.get(importTokens, { input: { connection: oauth.name, identifier } })).createConnectedAccount
            .id,
      ),
    )
    expect(new Set(ids).size).toBe(2)
  })

  it.each([1.5, '60', 1e20, true])('as the life of a link is not %j [input 22]', async (expiresIn) => {
    const input = { connection: oauth.name, identifier: 'ada', expiresIn } as never
    expect((await shop.world.ask(startAuthorization, { input })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  it('leads nowhere on a connection that is switched off [input 25]', async () => {
    const { name } = await provider()
    const link = await begin(name)
    await ask('mutation ($name: ID!) { disableConnection(connection: $name) { status } }', { name })
    const { errors } = await shop.world.ask(startAuthorization, { input: { connection: name, identifier: 'ada' } })
    expect(errors?.[0]?.extensions).toEqual({ code: 'CONNECTION_UNAVAILABLE', path: ['input', 'connection'] })
    expect((await new Visitor().open(link.url as string)).status).toBe(409)
  })

  const lists = `query ($first: Int!, $filter: ConnectionFilter) {
    connections(first: $first, filter: $filter) { items { id } }
  }`
  const keys = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }'
  it.each<[string, string, object]>([
    ['left out', lists, {}],
    ['of another type', lists, { first: 'three' }],
    ['null where a value is needed', lists, { first: null }],
    ['an Int of 2^31', lists, { first: 2 ** 31 }],
    ['a number that is none', lists, { first: 'NaN' }],
    ['half a number', lists, { first: 0.5 }],
    ['an object with a field that there is not', lists, { first: 1, filter: { colour: 'red' } }],
    ['a list of 10,000', keys, { input: { name: 'k', permissions: Array(10_000).fill('NONE') } }],
    ['a list of 10,000 names', keys, { input: { name: 'k', permissions: [], identifiers: Array(10_000).fill('a') } }],
  ])('as a variable is refused when it is %s [input 60]', async (_what, document, variables) => {
    const { status, errors } = await ask(document, variables)
    expect(status).toBeLessThan(500)
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']))
    expect(errors?.length).toBeLessThanOrEqual(51)
  })

  it('as a variable that no document asks for is not looked at [input 60]', async () => {
    expect((await ask(lists, { first: 1, more: 'x' })).errors).toBeUndefined()
  })

  it('asks for no page by both of its ends, nor after what was no end [input 61]', async () => {
    for (const page of ['first: 1, last: 1', 'first: 1, after: "x"', 'before: "x"']) {
      const { status, errors } = await ask(`{ connections(${page}) { totalCount } }`)
      expect([page, status < 500]).toEqual([page, true])
      expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']).toContain(errors?.[0]?.extensions.code)
    }
  })

  it.each<[string, unknown, string | null]>([
    ['a past one, with a refresh token', '2020-01-01T00:00:00Z', 'r'],
    ['a far one', '9999-12-31T23:59:59Z', null],
    ['a Unix time in milliseconds', Date.now() + 3_600_000, null],
    ['a Unix time as text', String(Date.now() + 3_600_000), null],
    ['a word', 'soon', null],
    ['a year that was none', '0000-01-01T00:00:00Z', null],
    ['one before there was Unix', '1969-12-31T23:59:59Z', null],
  ])('as the expiry of an import is taken or refused: %s [input 67]', async (_what, expiresAt, more) => {
    const identifier = `import-${String(expiresAt)}`
    const oauth2 = { accessToken: 'a', refreshToken: more, expiresAt } as never
    const { data, errors } = await shop.world.ask(importTokens, {
      input: { connection: oauth.name, identifier, oauth2 },
    })
    if (errors) expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    else expect(data.createConnectedAccount.status).toBe('ACTIVE')
    if (more) expect(errors).toBeUndefined()
  })

  it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1969-12-31T23:59:59Z'])(
    'as an expiry of %s is refused by its place, with a refresh token too [input 67]',
    async (expiresAt) => {
      const oauth2 = { accessToken: 'a', refreshToken: 'r', expiresAt }
      const input = { connection: oauth.name, identifier: 'import-old', oauth2 }
      const old = await shop.world.ask(importTokens, { input })
      expect(old.errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        path: ['input', 'oauth2', 'expiresAt'],
      })
      const ended = await shop.world.ask(createApiKey, {
        input: { name: 'old', permissions: ['TOKENS_READ'], expiresAt },
      })
      expect(ended.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['input', 'expiresAt'] })
    },
  )

  it('as a permission that the maker of a key lacks makes no key [input 54]', async () => {
    const { createApiKey: maker } = await shop.world.get(createApiKey, {
      input: { name: 'maker', permissions: ['KEYS_WRITE'] },
    })
    const broader = await shop.world.ask(
      createApiKey,
      { input: { name: 'broader', permissions: ['TOKENS_READ'] } },
      maker.secret,
    )
    expect(broader.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  it('as a megabyte to sign in with is not read [input 56]', async () => {
    const { status } = await fetch(`${shop.world.url}/dashboard/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: shop.world.url },
      body: JSON.stringify({ key: 'x'.repeat(1_000_000) }),
    })
    expect(status).toBe(413)
  })
})

describe('what a browser brings', () => {
  it('to a form whose link ran out while it was filled in is not stored [input 51]', async () => {
    const link = await begin(sites, { identifier: 'slow' })
    const visitor = new Visitor()
    const { text } = await visitor.open(link.url as string)
    const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
    await shop.world.pool.query(
      `update authorization_link link set expires_at = now()
       from connected_account account where account.id = link.account_id and identifier = 'slow'`,
    )
    const late = await visitor.open(link.url as string, { csrf, 'field.site': 'berlin', 'field.api_key': 'typed' })
    expect([late.status, late.text.includes('has expired')]).toEqual([410, true])
    expect(await shop.credential(sites, { identifier: 'slow' })).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
  })

  it.each<[string, Record<string, string>]>([
    ['neither a code nor an error', {}],
    ['an empty code', { code: '' }],
    ['a code of 20 KB', { code: 'c'.repeat(20_000) }],
  ])('to a callback exchanges nothing when it is %s [input 29]', async (_what, params) => {
    const { key, name } = await provider()
    const { page } = await shop.authorize(name, (door) => ({ ...stateOf(door), ...params }))
    expect([page.status >= 400 && page.status < 600, page.text.includes('sent no code')]).toEqual([true, true])
    expect(shop.requestsTo(key, '/token')).toEqual([])
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
  })

  it('to a callback from an older trip of the same browser is not taken for the newer one [T5, input 31]', async () => {
    const { key, name } = await provider()
    const link = await begin(name)
    const visitor = new Visitor()
    const doors: URL[] = []
    const names: string[] = []
    for (let trip = 0; trip < 2; trip++) {
      doors.push(new URL(await visitor.start(link.url as string, (url) => url.startsWith(shop.provider.url))))
      names.push(...visitor.cookieNames().filter((cookie) => cookie.includes('authz') && !names.includes(cookie)))
    }
    const [older = '', newer = ''] = names
    const secret = visitor.kept()[older] as string
    const back = (door: URL | undefined) =>
      `${door?.searchParams.get('redirect_uri')}?code=c&state=${door?.searchParams.get('state')}`
    const mixed = await new Visitor({ [older]: secret, [newer]: secret }).open(back(doors[1]))
    expect([mixed.status, shop.requestsTo(key, '/token').length]).toEqual([403, 0])
    expect((await visitor.open(back(doors[1]))).text).toContain('Connected')
  })

  it('to a provider that does not know the app is the connection’s matter [input 35]', async () => {
    const { key, name } = await provider()
    shop.answer(key, '/token', () => ({ status: 401, body: { error: 'invalid_client' } }))
    const { page } = await shop.authorize(name, (door) => ({ ...stateOf(door), code: 'c' }))
    expect(page.status).toBe(502)
    const { data } = await ask('query ($name: ID!) { connection(connection: $name) { status } }', { name })
    expect(data.connection).toEqual({ status: 'MISCONFIGURED' })
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
  })
})
