/**
 * Attacks on authorization flows, numbered T1, T2 and so on. T1 (an attacker sends a victim the attacker's
 * own link) is in hosted.test.ts; T18 (script injection) and further tests of the hosted pages, such as
 * framing and forged forms, are in browser-hosted.test.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { report, times } from './faults/lab.js'
import { graphql } from './generated/gql.js'
import { startAuthorization } from './support/documents.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'
import { createWorld } from './support/world.js'

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

it('T2, T3 (mix-up of providers): another connection’s code or state is not exchanged (90 wrong pairs)', async () => {
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

it('T5 (login CSRF): a callback in another browser than the one that began is refused 100 times of 100', async () => {
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

it('T6 (replay of a callback): of 20 at once on three replicas one is exchanged, 50 rounds (S12: 100)', async () => {
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

describe('T7 (mix-up of providers): a callback with an issuer', () => {
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

it('T9 (connection changed meanwhile): the code is not sent to the new address', async () => {
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

it('T11 (link scanners): a link still works after 100 requests of scanners', async () => {
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

it('T13 (link used twice): a second authorization that began before the first ended changes nothing', async () => {
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

describe('T14 (open redirect): a return or verification URL', () => {
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

it('T8 (PKCE downgrade): every authorization has its own verifier, with S256', async () => {
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
