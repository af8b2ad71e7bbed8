/** How often something may be asked, over all replicas: and only who asks too often is told so. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Permission } from './generated/graphql.js'
import { auditEvents, createApiKey, importTokens, readToken } from './support/documents.js'
import { createWorld, type World } from './support/world.js'

const env = { VALETKEY_LIMIT_KEY: '3', VALETKEY_LIMIT_ACCOUNT: '1' }
let world: World
let replica: World
beforeAll(async () => {
  world = await createWorld({ env })
  replica = await createWorld({ env, databaseUrl: world.config.databaseUrl as string })
  for (const identifier of ['ada', 'bob'])
    await world.get(importTokens, {
      input: { connection: 'playground', identifier, oauth2: { accessToken: identifier } },
    })
})
afterAll(async () => {
  await replica.close()
  await world.close()
})

const key = async (permissions: Permission[] = ['TOKENS_READ']) =>
  (await world.get(createApiKey, { input: { name: 'k', permissions } })).createApiKey.secret
const ask = (url: string, secret: string, address: string) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, 'x-forwarded-for': address },
    body: '{"query":"{ viewer { name } }"}',
  })

it('a guesser is told to wait, on every replica, and nobody else is [T47]', async () => {
  const valid = await key()
  const wrong = `${valid.slice(0, -10)}0123456789`
  const statuses: number[] = []
  for (let i = 0; i < 40; i++) statuses.push((await ask((i % 2 ? world : replica).url, wrong, '192.0.2.1')).status)
  expect(statuses).toEqual([...Array(30).fill(401), ...Array(10).fill(429)])
  const refused = await ask(replica.url, wrong, '192.0.2.1')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] })
  // Behind the same address, and from another one.
  expect((await ask(world.url, valid, '192.0.2.1')).status).toBe(200)
  expect((await ask(world.url, wrong, '192.0.2.2')).status).toBe(401)
  const { auditEvents: events } = await world.get(auditEvents, { filter: { action: 'caller.refused' }, first: 100 })
  expect(events.items.filter(({ ipAddress }) => ipAddress === '192.0.2.1')).toHaveLength(30)
  expect(events.items[0]).toMatchObject({ actor: 'unknown', outcome: 'DENIED' })
})

it('a guesser is counted and recorded alike at every door that takes a key [T35, T47, input 56]', async () => {
  const wrong = `${(await key()).slice(0, -10)}0123456789`
  const headers = { 'x-forwarded-for': '192.0.2.8', authorization: `Bearer ${wrong}` }
  const doors = [
    () => ask(world.url, wrong, '192.0.2.8'),
    () => fetch(`${world.url}/audit/export`, { headers }),
    () =>
      fetch(`${world.url}/dashboard/session`, {
        method: 'POST',
        headers: { 'x-forwarded-for': '192.0.2.8', 'content-type': 'application/json', origin: world.url },
        body: JSON.stringify({ key: wrong }),
      }),
  ]
  for (let i = 0; i < 30; i++) expect((await doors[i % 3]?.())?.status).toBe(401)
  for (const door of doors) {
    const refused = await door()
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] })
  }
  const { auditEvents: events } = await world.get(auditEvents, { filter: { action: 'caller.refused' }, first: 100 })
  expect(events.items.filter(({ ipAddress }) => ipAddress === '192.0.2.8')).toHaveLength(30)
})

it('pages are counted over replicas, for each address [T12, T47]', async () => {
  const open = (url: string, address: string) =>
    fetch(`${url}/connect/${'x'.repeat(43)}`, { headers: { 'x-forwarded-for': address } })
  const statuses: number[] = []
  for (let i = 0; i < 70; i++) statuses.push((await open((i % 2 ? world : replica).url, '192.0.2.3')).status)
  expect(statuses.filter((status) => status === 429)).toHaveLength(10)
  expect((await open(replica.url, '192.0.2.4')).status).not.toBe(429)
})

it('whoever has an IPv6 network has all of its addresses: they count as one [T47]', async () => {
  const open = (address: string) =>
    fetch(`${world.url}/connect/${'x'.repeat(43)}`, { headers: { 'x-forwarded-for': address } })
  const statuses: number[] = []
  for (let i = 0; i < 61; i++) statuses.push((await open(`2001:db8:1:2::${i.toString(16)}`)).status)
  expect(statuses.slice(-2)).toEqual([404, 429])
  expect((await open('2001:db8:1:2:ffff::1')).status).toBe(429)
  expect((await open('2001:db8:1:3::1')).status).toBe(404)
  const wrong = `${(await key()).slice(0, -10)}0123456789`
  for (let i = 0; i < 30; i++) expect((await ask(world.url, wrong, `2001:db8:9::${i}`)).status).toBe(401)
  expect((await ask(world.url, wrong, '2001:db8:9::ffff')).status).toBe(429)
})

it('a key that asks too often waits; another one does not [T30]', async () => {
  const [busy, calm] = [await key(), await key()]
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => (await ask(world.url, busy, '192.0.2.5')).status),
  )
  expect(statuses.filter((status) => status === 429)).toHaveLength(10)
  expect((await ask(world.url, calm, '192.0.2.5')).status).toBe(200)
  // The other replica hears of it within a second or two, once it was asked itself.
  await expect
    .poll(
      async () => {
        await sleep(200)
        return (await ask(replica.url, busy, '192.0.2.5')).status
      },
      { timeout: 8_000 },
    )
    .toBe(429)
  expect((await ask(replica.url, calm, '192.0.2.5')).status).toBe(200)
  // The operator's own key has no such limit.
  for (let i = 0; i < 40; i++) expect((await ask(world.url, world.adminKey, '192.0.2.5')).status).toBe(200)
})

it('an account that is asked for too often waits; another one does not [T30]', async () => {
  const read = (identifier: string) => world.ask(readToken, { connection: 'playground', identifier })
  const answers = await Promise.all(Array.from({ length: 15 }, () => read('ada')))
  const refused = answers.filter(({ errors }) => errors?.[0]?.extensions.code === 'RATE_LIMITED')
  expect(refused).toHaveLength(5)
  expect(refused[0]?.errors?.[0]).toMatchObject({
    message: expect.stringContaining('This account is asked for too often'),
    extensions: { retryAfter: expect.toSatisfy((seconds: number) => seconds > 0 && seconds <= 10) },
  })
  expect((await read('bob')).data.connectedAccount?.token).toMatchObject({ accessToken: 'bob' })
})

it('an address that a client makes up counts as none where no proxy is trusted [T47]', async () => {
  const alone = await createWorld({ env: { TRUST_PROXY: '' } })
  const statuses = await Promise.all(
    Array.from({ length: 70 }, async (_, i) => {
      const address = `198.51.100.${i}`
      const headers = { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` }
      return (await fetch(`${alone.url}/connect/${'x'.repeat(43)}`, { headers })).status
    }),
  )
  expect(statuses.filter((status) => status === 429)).toHaveLength(10)
  await alone.close()
})

it('an address that a client puts before its proxy’s counts as none [T47]', async () => {
  const statuses = await Promise.all(
    Array.from({ length: 70 }, async (_, i) => {
      const headers = { 'x-forwarded-for': `198.51.100.${i}, 192.0.2.77` }
      return (await fetch(`${world.url}/connect/${'x'.repeat(43)}`, { headers })).status
    }),
  )
  expect(statuses.filter((status) => status === 429)).toHaveLength(10)
})

it.each([
  ['long', 'x'.repeat(5_000)],
  ['markup', 'not-an-ip<script>'],
  ['the zone of an address', `fe80::1%${'z'.repeat(300)}`],
  ['empty', ' , ,'],
])('what a proxy passes on as an address and is none counts as the proxy: %s [T47]', async (_what, address) => {
  const headers = { 'x-forwarded-for': address, 'content-type': 'application/json', origin: world.url }
  const wrong = `${(await key()).slice(0, -10)}0123456789`
  const bearer = { ...headers, authorization: `Bearer ${wrong}` }
  const post = (path: string, body: object, more = {}) =>
    fetch(`${world.url}${path}`, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) })
  const admin = { authorization: `Bearer ${world.adminKey}` }
  const query = 'mutation { createApiKey(input: { name: "far", permissions: [TOKENS_READ] }) { secret } }'
  const state = 'x'.repeat(43)
  const statuses = [
    await post('/graphql', { query: '{ viewer { name } }' }, bearer),
    await post('/graphql', { query }, admin),
    await post('/dashboard/session', { key: wrong }),
    await post('/dashboard/session', { key: world.adminKey }),
    await fetch(`${world.url}/audit/export`, { headers: bearer }),
    await fetch(`${world.url}/connect/${state}`, { headers }),
    await fetch(`${world.url}/oauth/callback/${state}?state=${state}&code=c`, { headers }),
  ].map(({ status }) => status)
  expect(statuses.slice(0, 5)).toEqual([401, 200, 401, 204, 401])
  expect(Math.max(...statuses)).toBeLessThan(500)
  const { auditEvents: events } = await world.get(auditEvents, { first: 4 })
  expect(new Set(events.items.map(({ ipAddress }) => ipAddress))).toEqual(new Set(['127.0.0.1']))
})

it('the log says once that a proxy is not trusted, whose clients count as one', async () => {
  const alone = await createWorld({ env: { TRUST_PROXY: '' } })
  for (let i = 0; i < 3; i++) await ask(alone.url, alone.adminKey, '192.0.2.6')
  expect(alone.log().match(/"proxy.not-trusted"/g)).toHaveLength(1)
  await alone.close()
})
