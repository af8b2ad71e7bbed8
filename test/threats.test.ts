/**
 * Attacks, mostly on authorization flows. docs/threats.md says which tests show what of each threat: those of hosted
 * pages in a real browser are in browser-hosted.test.ts, for instance.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { report, times } from './faults/lab.js'
import { graphql } from './generated/gql.js'
import { auditEvents, importTokens, startAuthorization } from './support/documents.js'
import { OddProvider } from './support/odd-provider.js'
import { Visitor } from './support/visitor.js'
import { readCredential, Workshop } from './support/workshop.js'
import { createWorld, freePort } from './support/world.js'

const changeConnection = graphql(`
  mutation ChangeConnection($connection: ID!, $value: String!) {
    updateConnection(connection: $connection, input: { fields: [{ key: "host", value: $value }] }) { status }
  }
`)

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open()
})
afterAll(() => shop.close())

async function provider(more: Record<string, unknown> = {}) {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: { url: url('/token') },
    ...more,
  }))
  let issued = 0
  shop.answer(key, '/token', () => ({ body: { access_token: `access-${++issued}`, expires_in: 3600 } }))
  const { name, redirectUri } = await shop.connection(key)
  return { key, name, redirectUri: redirectUri as string, exchanges: () => shop.requestsTo(key, '/token').length }
}
type Made = Awaited<ReturnType<typeof provider>>

/** A user who has followed a link to the provider. */
async function begun({ name }: Pick<Made, 'name'>, identifier = 'ada') {
  const { startAuthorization: link } = await shop.world.get(startAuthorization, {
    input: { connection: name, identifier },
  })
  const visitor = new Visitor()
  const door = new URL(await visitor.start(link.url as string, (url) => url.startsWith(shop.provider.url)))
  return { link, visitor, state: door.searchParams.get('state') as string }
}
const callback = ({ redirectUri }: Pick<Made, 'redirectUri'>, params: Record<string, string>) =>
  `${redirectUri}?${new URLSearchParams(params)}`

it('another connection’s code or state is not exchanged, for 90 wrong pairs [T2, T3]', async () => {
  const made = await Promise.all(Array.from({ length: 10 }, () => provider()))
  const trips = await Promise.all(made.map((one) => begun(one)))
  for (const [i, connection] of made.entries()) {
    for (const [j, trip] of trips.entries()) {
      if (i === j) continue
      const { status } = await trip.visitor.open(callback(connection, { code: 'c', state: trip.state }))
      expect([i, j, status]).toEqual([i, j, 400])
    }
  }
  expect(made.map(({ exchanges }) => exchanges())).toEqual(Array(10).fill(0))
  for (const [i, connection] of made.entries())
    expect(
      (
        await (trips[i] as (typeof trips)[number]).visitor.open(
          callback(connection, { code: 'c', state: (trips[i] as (typeof trips)[number]).state }),
        )
      ).text,
    ).toContain('Connected')
}, 60_000)

it('a callback in another browser than the one that began is refused 100 times of 100 [T5, input 31]', async () => {
  const made = await provider()
  const { state } = await begun(made)
  const other = (await begun(made, 'mallory')).visitor
  for (let i = 0; i < 50; i++) {
    expect((await new Visitor().open(callback(made, { code: `c${i}`, state }))).status).toBe(403)
    // Another IP address each time, so that the rate limit does not answer instead of the cookie check.
    const stranger = Object.assign(Object.create(Object.getPrototypeOf(other)), other, {
      address: `10.9.${i}.1`,
    }) as Visitor
    expect((await stranger.open(callback(made, { code: `d${i}`, state }))).status).toBe(403)
  }
  expect(made.exchanges()).toBe(0)
})

it('of 20 callbacks at once on three replicas one is exchanged, in 50 rounds (S12: 100) [T6, input 28]', async () => {
  const rounds = times(100, 50)
  const made = await provider()
  const { databaseUrl, encryptionKeys } = shop.world.config
  const env = {
    VALETKEY_ALLOW_PRIVATE_NETWORK: 'on',
    VALETKEY_ENCRYPTION_KEYS: encryptionKeys?.map(({ id, key }) => `${id}:${key.toString('base64')}`).join() ?? '',
  }
  const others = await Promise.all([1, 2].map(() => createWorld({ databaseUrl: databaseUrl as string, env })))
  const replicas = [shop.world.url, ...others.map(({ url }) => url)]
  for (let round = 0; round < rounds; round++) {
    const { visitor, state } = await begun(made, `user-${round}`)
    const ends = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        visitor.open(callback(made, { code: 'c', state }).replace(shop.world.url, replicas[index % 3] as string)),
      ),
    )
    expect(ends.filter(({ text }) => text.includes('Connected'))).toHaveLength(1)
    expect(ends.filter(({ text }) => text.includes('already been completed'))).toHaveLength(19)
    expect(made.exchanges()).toBe(round + 1)
  }
  report(
    'S12 20 callbacks at once, 3 replicas',
    `1 exchange in each of ${rounds} rounds`,
    `${made.exchanges()} exchanges`,
  )
  await Promise.all(others.map((world) => world.close()))
}, 60_000)

describe('a callback with an issuer [T7, input 32]', () => {
  it.each<[string, string[], boolean]>([
    ['that was asked', ['https://issuer.example'], true],
    ['of another provider', ['https://evil.example'], false],
    ['that is missing', [], false],
    ['that is given twice', ['https://issuer.example', 'https://evil.example'], false],
  ])('%s', async (_what, issuers, accepted) => {
    const key = await shop.connector((url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: url('/authorize'), issuer: 'https://issuer.example' },
      token: { url: url('/token') },
    }))
    shop.answer(key, '/token', () => ({ body: { access_token: 'a', expires_in: 60 } }))
    const { name, redirectUri } = await shop.connection(key)
    const { visitor, state } = await begun({ name })
    const params = new URLSearchParams({ code: 'c', state })
    for (const issuer of issuers) params.append('iss', issuer)
    const { text } = await visitor.open(`${redirectUri}?${params}`)
    expect([text.includes('Connected'), shop.requestsTo(key, '/token').length]).toEqual([accepted, accepted ? 1 : 0])
  })
})

it('the code is not sent to the new address of a connection that changed meanwhile [T9]', async () => {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    connectionFields: [{ key: 'host', label: 'Host', kind: 'text' }],
    authorize: { url: url('/authorize') },
    token: { url: url('/{connection.host}/token') },
  }))
  const { name, redirectUri } = await shop.connection(key, { client_id: 'a', client_secret: 'b', host: 'old' })
  const { visitor, state } = await begun({ name })
  await shop.world.get(changeConnection, { connection: name, value: 'new' })
  const { status, text } = await visitor.open(callback({ redirectUri: redirectUri as string }, { code: 'c', state }))
  expect([status, text.includes('changed meanwhile')]).toEqual([409, true])
  expect([shop.requestsTo(key, '/old/token').length, shop.requestsTo(key, '/new/token').length]).toEqual([0, 0])
})

it('a link still works after 100 requests of scanners [T11]', async () => {
  const made = await provider()
  const { startAuthorization: link } = await shop.world.get(startAuthorization, {
    input: { connection: made.name, identifier: 'ada' },
  })
  for (let i = 0; i < 50; i++) {
    const headers = { 'x-forwarded-for': `10.1.${i}.1` }
    expect((await fetch(link.url as string, { headers })).status).toBe(200)
    expect((await fetch(link.url as string, { method: 'HEAD', headers })).status).toBe(200)
  }
  const visitor = new Visitor()
  const state = new URL(
    await visitor.start(link.url as string, (url) => url.startsWith(shop.provider.url)),
  ).searchParams.get('state') as string
  expect((await visitor.open(callback(made, { code: 'c', state }))).text).toContain('Connected')
})

it('a second authorization that began before the first ended changes nothing [T13]', async () => {
  const made = await provider()
  const first = await begun(made)
  const second = new Visitor()
  const door = new URL(await second.start(first.link.url as string, (url) => url.startsWith(shop.provider.url)))
  expect((await first.visitor.open(callback(made, { code: 'c', state: first.state }))).text).toContain('Connected')
  const token = (await shop.credential(made.name))?.token
  const late = await second.open(callback(made, { code: 'd', state: door.searchParams.get('state') as string }))
  expect(late.text).toContain('used or revoked meanwhile')
  expect((await new Visitor().open(first.link.url as string)).status).toBe(410)
  expect((await shop.credential(made.name))?.token).toEqual(token)
  expect(made.exchanges()).toBe(1)
})

describe('a return or verification URL [T14, input 23]', () => {
  const tricks = [
    '//evil.com',
    'https:evil.com',
    '/\\evil.com',
    'https://app.example.evil.com/',
    'https://app.example@evil.com/',
    'https://evil.com#@app.example/',
    'https://evil.com?https://app.example/',
    'https://app.example%2eevil.com/',
    'https://app.example%00.evil.com/',
    'https://app.example\\.evil.com/',
    'https:\\\\app.example/',
    'https://app.example:444/',
    'http://app.example/',
    'https://APP.example/../%2e%2e/',
    'https://app.example/%0d%0aSet-Cookie:%20x=1',
    'https://app.example/%0aLocation:%20https://evil.com',
    'java\tscript:alert(1)',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https://app.example/',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://app.example/',
    'https://xn--pp-yjc.example/',
    'https://аpp.example/',
    'https://app.example./',
    'https://.app.example/',
    'https://app.example,evil.com/',
    'https://app.example;evil.com/',
    'https://user:pass@app.example/',
    'https://app.example@/',
    'https://[::ffff:127.0.0.1]/',
    'https://0x7f.1/',
    'https://localhost.evil.com/',
    'https://evil.com/https://app.example/',
    'ttps://app.example/',
    ' https://app.example/',
    'https://app.example /',
    'about:blank',
    'blob:https://app.example/x',
  ]
  it.each(tricks)('%j is refused', async (trick) => {
    const made = await provider()
    for (const name of ['returnUrl', 'verifyUrl'] as const) {
      const { errors } = await shop.world.ask(startAuthorization, {
        input: { connection: made.name, identifier: 'ada', [name]: trick },
      })
      expect(['REDIRECT_NOT_ALLOWED', 'BAD_USER_INPUT']).toContain(errors?.[0]?.extensions.code)
    }
    expect(await shop.credential(made.name)).toBeNull()
  })
})

it('every authorization has its own verifier, with S256 [T8]', async () => {
  const made = await provider()
  const challenges = new Set<string>()
  for (let i = 0; i < 10; i++) {
    const { startAuthorization: link } = await shop.world.get(startAuthorization, {
      input: { connection: made.name, identifier: `user-${i}` },
    })
    const door = new URL(await new Visitor().start(link.url as string, (url) => url.startsWith(shop.provider.url)))
    expect(door.searchParams.get('code_challenge_method')).toBe('S256')
    challenges.add(door.searchParams.get('code_challenge') as string)
  }
  expect(challenges.size).toBe(10)
})

it('no page on the way tells anybody its address, which holds what is secret [T15]', async () => {
  const made = await provider()
  const { link, visitor, state } = await begun(made)
  const { startAuthorization: back } = await shop.world.get(startAuthorization, {
    input: { connection: made.name, identifier: 'bob', returnUrl: 'http://localhost:1/done' },
  })
  const bob = new Visitor()
  const door = new URL(await bob.start(back.url as string, (url) => url.startsWith(shop.provider.url)))
  const successful = callback(made, { code: 'c', state: door.searchParams.get('state') as string })
  const pages: [string, string, RequestInit][] = [
    ['the link', link.url as string, {}],
    ['the form, refused', link.url as string, { method: 'POST', body: new URLSearchParams({ csrf: 'x' }) }],
    ['a link that nobody knows', `${shop.world.url}/connect/${'x'.repeat(43)}`, {}],
    ['a callback that is refused', callback(made, { code: 'c', state: `${state}x` }), {}],
    ['the way back to the application', successful, { headers: { cookie: bob.cookieHeader() } }],
    ['the end', callback(made, { code: 'c', state }), { headers: { cookie: visitor.cookieHeader() } }],
    ['the link, used', link.url as string, {}],
  ]
  for (const [what, url, init] of pages) {
    const { headers, status } = await fetch(url, { redirect: 'manual', ...init })
    expect([what, headers.get('referrer-policy'), headers.get('cache-control')]).toEqual([
      what,
      'no-referrer',
      'no-store',
    ])
    if (what.startsWith('the way back'))
      expect([status, headers.get('location')?.startsWith('http://localhost:1/done?')]).toEqual([303, true])
  }
  for (const secret of [state, door.searchParams.get('state') as string, (link.url as string).split('/').at(-1) ?? ''])
    expect(shop.world.log()).not.toContain(secret)
})

describe('a token endpoint that redirects [T21]', () => {
  it.each([301, 302, 303, 307, 308])('with %d leads no secret away [input 35]', async (status) => {
    const thief = await OddProvider.open({ host: '127.0.0.2', port: await freePort() })
    const key = await shop.connector((url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: url('/authorize') },
      token: { url: url('/token'), clientAuth: 'basic' },
    }))
    const { name } = await shop.connection(key)
    const away = () => ({ status, body: {}, headers: { location: `${thief.url}/token` } })
    const code = (door: URL) => ({ code: 'c', state: door.searchParams.get('state') as string })
    shop.answer(key, '/token', away)
    expect((await shop.authorize(name, code)).page.status).toBe(502)
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
    shop.answer(key, '/token', () => ({ body: { access_token: 'a', refresh_token: 'r', expires_in: 3600 } }))
    expect((await shop.authorize(name, code)).page.text).toContain('Connected')
    await shop.expire()
    shop.answer(key, '/token', away)
    expect((await shop.credential(name))?.token).not.toMatchObject({ __typename: 'OAuthToken' })
    // Asked three times with the secret in the header, and nobody else was asked anything.
    const asked = shop.requestsTo(key, '/token')
    expect(asked.map(({ headers }) => headers.authorization?.startsWith('Basic '))).toEqual([true, true, true])
    expect(thief.requests).toEqual([])
    thief.close()
  })
})

describe('a request that two servers would read in two ways, or that is too large [T49]', () => {
  const { host } = new URL('http://valetkey.example')
  const smuggled = `GET /smuggled HTTP/1.1\r\nhost: ${host}\r\n\r\n`
  const head = `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`
  it.each([
    ['two lengths', `${head}content-length: 2\r\ncontent-length: 40\r\n\r\n{}${smuggled}`],
    ['a length and chunks', `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['chunks that are not', `${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a chunk of no size', `${head}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n${smuggled}`],
    ['a blank before a colon', `${head}content-length : 2\r\n\r\n{}${smuggled}`],
    ['a header of two lines', `${head}x-a: b\r\n c: d\r\n\r\n${smuggled}`],
    ['a length below zero', `${head}content-length: -1\r\n\r\n${smuggled}`],
    ['two hosts', `GET /healthz HTTP/1.1\r\nhost: ${host}\r\nhost: other.example\r\nconnection: close\r\n\r\n`],
    ['two keys', `${head}authorization: Bearer a\r\nauthorization: Bearer b\r\nconnection: close\r\n\r\n`],
    ['no host', `GET /healthz HTTP/1.1\r\n\r\n${smuggled}`],
    ['headers of 80 KB', `${head}x-large: ${'x'.repeat(80_000)}\r\n\r\n${smuggled}`],
    ['an address of 80 KB', `GET /${'x'.repeat(80_000)} HTTP/1.1\r\nhost: ${host}\r\n\r\n${smuggled}`],
  ])('such as one with %s, is refused, and nothing behind it is read', async (_what, bytes) => {
    const socket = connect(shop.world.config.port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', () => {})
    socket.write(bytes)
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(shop.world.log()).not.toContain('smuggled')
  })

  it('and a hundred that never end keep nobody out', async () => {
    const open = Array.from({ length: 100 }, () => {
      const socket = connect(shop.world.config.port, '127.0.0.1').on('error', () => {})
      socket.write(`${head}content-length: 50\r\n\r\n{"query":`)
      return socket
    })
    await Promise.all(open.map((socket) => (socket.connecting ? once(socket, 'connect') : null)))
    const { auditEvents: events } = await shop.world.get(auditEvents, { first: 1 })
    expect(events.items).toHaveLength(1)
    for (const socket of open) socket.destroy()
  })
})

it('a restored backup asks once for each used token, and says which users have to come again [T52]', async () => {
  const users = ['ada', 'bob', 'eve']
  const { pool } = shop.world
  const accounts: { key: string; name: string; user: string }[] = []
  for (const user of users) {
    const key = await shop.connector((url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: url('/authorize') },
      token: { url: url('/token') },
    }))
    const { name } = await shop.connection(key)
    const used = new Set<string>()
    // As a strict provider does: a refresh token that comes twice is refused.
    shop.answer(key, '/token', ({ form }) => {
      const sent = form.refresh_token as string
      if (used.has(sent)) return { status: 400, body: { error: 'invalid_grant' } }
      used.add(sent)
      return { body: { access_token: `of-${sent}`, refresh_token: `${sent}'`, expires_in: 3600 } }
    })
    await shop.world.get(importTokens, {
      input: {
        connection: name,
        identifier: `restored-${user}`,
        oauth2: {
          accessToken: 'a',
          refreshToken: user,
          expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        },
      },
    })
    accounts.push({ key, name, user: `restored-${user}` })
  }
  const ours = `account_id in (select id from connected_account where identifier like 'restored-%')`
  const tables = ['credential', 'refresh_lease']
  for (const table of tables)
    await pool.query(`create table backup_of_${table} as select * from ${table} where ${ours}`)
  for (const { name, user } of accounts) {
    await shop.expire(user)
    expect((await shop.credential(name, { identifier: user }))?.token).toMatchObject({ __typename: 'OAuthToken' })
  }
  for (const table of tables) {
    await pool.query(`delete from ${table} where ${ours}`)
    await pool.query(`insert into ${table} select * from backup_of_${table}`)
    await pool.query(`drop table backup_of_${table}`)
  }
  const { databaseUrl, encryptionKeys } = shop.world.config
  const restored = await createWorld({
    databaseUrl: databaseUrl as string,
    shipped: (key) => key === 'playground',
    env: {
      VALETKEY_ALLOW_PRIVATE_NETWORK: 'on',
      VALETKEY_ENCRYPTION_KEYS: encryptionKeys?.map(({ id, key }) => `${id}:${key.toString('base64')}`).join() ?? '',
    },
  })
  for (const { key, name, user } of accounts) {
    await shop.expire(user)
    const before = shop.requestsTo(key, '/token').length
    for (let i = 0; i < 5; i++) {
      const { connectedAccount } = await restored.get(readCredential, { connection: name, identifier: user })
      expect(connectedAccount).toMatchObject({
        status: 'REAUTHORIZATION_REQUIRED',
        token: { __typename: 'AuthorizationRequired', reason: expect.stringContaining('invalid_grant') },
      })
    }
    expect(shop.requestsTo(key, '/token').length).toBe(before + 1)
  }
  await restored.close()
}, 60_000)

it('tokens in a place that a definition calls an error are told nowhere [T33, T36]', async () => {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: {
      url: url('/token'),
      response: {
        ok: { path: 'never', equals: true },
        error: { code: 'refresh_token', message: 'access_token' },
      },
    },
  }))
  const secrets = ['issued-refresh-0123456789', 'issued-access-0123456789']
  shop.answer(key, '/token', () => ({ body: { refresh_token: secrets[0], access_token: secrets[1] } }))
  const { name, redirectUri } = await shop.connection(key)
  const { visitor, state } = await begun({ name })
  const { status, text } = await visitor.open(callback({ redirectUri: redirectUri as string }, { code: 'c', state }))
  expect(status).toBeGreaterThanOrEqual(400)
  expect(shop.requestsTo(key, '/token')).toHaveLength(1)
  const { rows } = await shop.world.pool.query(
    `select (select string_agg(a::text, '') from connected_account a)
       || (select string_agg(e::text, '') from audit_event e) as all`,
  )
  for (const secret of secrets)
    expect([text, rows[0].all, shop.world.log()].filter((place) => place.includes(secret))).toEqual([])
})

it.each<[string, (key: string) => string]>([
  ['as it is', (key) => key],
  ['in capitals', (key) => key.toUpperCase()],
  ['in base64', (key) => Buffer.from(key).toString('base64')],
  ['in base64url', (key) => Buffer.from(key).toString('base64url')],
  ['in hexadecimal', (key) => Buffer.from(key).toString('hex')],
  ['in hexadecimal capitals', (key) => Buffer.from(key).toString('hex').toUpperCase()],
  ['in an address', (key) => encodeURIComponent(key)],
  ['in an address, with small letters', (key) => encodeURIComponent(key).replace(/%../g, (code) => code.toLowerCase())],
  ['in an address in an address', (key) => encodeURIComponent(encodeURIComponent(key))],
  ['in JSON with escaped slashes', (key) => JSON.stringify(key).replaceAll('/', '\\/')],
  ['in HTML', (key) => key.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
])('a key that the provider repeats %s is not told [T33]', async (_how, spelled) => {
  const key = await shop.connector((url) => ({
    type: 'static',
    preset: 'bearer',
    accountFields: [{ key: 'token', label: 'Token', kind: 'secret' }],
    apply: { headers: { authorization: 'Bearer {account.token}' } },
    verify: { url: url('/me') },
  }))
  const { name } = await shop.connection(key, {})
  const sent = 'sk_live/0123456789&"abcdefghij'
  shop.answer(key, '/me', () => ({ status: 401, body: { message: `Wrong: ${spelled(sent)}.` } }))
  const { errors } = await shop.tryAccount(name, { token: sent })
  expect(errors?.[0]?.message).toContain('Wrong: ')
  expect(errors?.[0]?.message).not.toContain(spelled(sent).slice(4, 20))
})
