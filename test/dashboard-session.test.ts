/** Signing in to the dashboard: who can, for how long, and what another site can do with the session. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { createApiKey } from './support/documents.js'
import { createWorld, type World } from './support/world.js'

const readViewer = graphql(`
  query ReadViewer {
    viewer { name permissions connections identifiers }
  }
`)

const revokeApiKey = graphql(`
  mutation RevokeKeyOfSession($id: ID!) {
    revokeApiKey(id: $id) { id }
  }
`)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const own = { 'sec-fetch-site': 'same-origin' }
const cookieOf = (response: Response) =>
  response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] as string)[0] ?? ''

async function signIn(key: string, headers: Record<string, string> = own) {
  const response = await fetch(`${world.url}/dashboard/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ key }),
  })
  return { response, cookie: cookieOf(response) }
}

async function viewer(cookie: string, headers: Record<string, string> = own) {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, ...headers },
    body: JSON.stringify({ query: readViewer.toString() }),
  })
  return {
    status: response.status,
    cookie: cookieOf(response),
    body: (await response.json()) as { data?: { viewer: { name: string; permissions: string[] } } },
  }
}

async function newKey() {
  const { createApiKey: made } = await world.get(createApiKey, {
    input: { name: 'reader', permissions: ['CONNECTIONS_READ'] },
  })
  return { key: made.secret, id: made.apiKey.id }
}

it('exchanges a key for a cookie that scripts cannot read and that can do what the key can [T26, T35]', async () => {
  const { key } = await newKey()
  const { response, cookie } = await signIn(key)
  expect(response.status).toBe(204)
  const set = response.headers.getSetCookie()[0] ?? ''
  for (const attribute of [/HttpOnly/, /SameSite=Strict/, /Path=\//, /Max-Age=604800/]) expect(set).toMatch(attribute)
  expect(set).not.toContain(key)
  expect((await viewer(cookie)).body.data?.viewer).toEqual({
    name: 'reader',
    permissions: ['CONNECTIONS_READ'],
    connections: [],
    identifiers: [],
  })
  const { rows } = await world.pool.query('select * from session')
  for (const secret of [cookie.split('=')[1] as string, key]) {
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(world.log()).not.toContain(secret)
  }
})

it('has a cookie with __Host- and Secure when the server uses https [T35]', async () => {
  const secure = await createWorld({ env: { PUBLIC_URL: 'https://valetkey.example' } })
  const response = await fetch(`http://127.0.0.1:${secure.config.port}/dashboard/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...own },
    body: JSON.stringify({ key: secure.adminKey }),
  })
  expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-valetkey-session=[\w-]{43}; .*Path=\/; .*Secure/)
  await secure.close()
})

it.each([
  ['from another site', { 'sec-fetch-site': 'cross-site' }],
  ['from a sibling site', { 'sec-fetch-site': 'same-site' }],
  ['from a browser that says only its origin', { origin: 'https://evil.example' }],
  ['from nowhere', {}],
])('is not accepted %s [T31]', async (_from, headers) => {
  const { cookie } = await signIn(world.adminKey)
  expect((await viewer(cookie, headers)).status).toBe(401)
  const stream = await fetch(`${world.url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, ...headers },
    body: '{"query":"{ a }"}',
  })
  expect(stream.status).toBe(401)
  expect((await signIn(world.adminKey, headers)).response.status).toBe(403)
  const out = await fetch(`${world.url}/dashboard/sessions`, { method: 'DELETE', headers: { cookie, ...headers } })
  expect(out.status).toBe(403)
  expect((await viewer(cookie)).status).toBe(200)
  const older = { origin: world.url } as Record<string, string>
  expect((await viewer(cookie, older)).status).toBe(200)
})

it.each([
  ['no key', ''],
  ['a wrong key', `vk_${'a'.repeat(57)}`],
  ['a key with white space', 'vk a'],
  ['a very long key', 'v'.repeat(600)],
])('refuses %s, and says what to do [input 56]', async (_what, key) => {
  const { response, cookie } = await signIn(key)
  expect([400, 401]).toContain(response.status)
  expect(cookie).toBe('')
  expect(((await response.json()) as { errors: { message: string }[] }).errors[0]?.message).toMatch(/key/i)
})

it('ends with its key, by signing out, and by signing out everywhere [T35, input 57]', async () => {
  const { key, id } = await newKey()
  const [one, two, other] = await Promise.all([signIn(key), signIn(key), signIn(world.adminKey)])
  const end = (path: string, cookie: string) =>
    fetch(`${world.url}${path}`, { method: 'DELETE', headers: { cookie, ...own } })
  expect((await end('/dashboard/session', one.cookie)).status).toBe(204)
  expect((await viewer(one.cookie)).status).toBe(401)
  expect((await viewer(two.cookie)).status).toBe(200)
  const three = await signIn(key)
  await end('/dashboard/sessions', two.cookie)
  for (const { cookie } of [two, three]) expect((await viewer(cookie)).status).toBe(401)
  const four = await signIn(key)
  await world.get(revokeApiKey, { id })
  expect((await viewer(four.cookie)).status).toBe(401)
  expect((await viewer(other.cookie)).status).toBe(200)
})

it('is refused where it was tampered with, is missing, or has ended at another replica [T35, input 57]', async () => {
  const replica = await createWorld({ databaseUrl: world.config.databaseUrl as string })
  const at = async ({ url }: World, cookie: string) =>
    (
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie, ...own },
        body: JSON.stringify({ query: readViewer.toString() }),
      })
    ).status
  const { key } = await newKey()
  const { cookie } = await signIn(key)
  expect([await at(world, cookie), await at(replica, cookie)]).toEqual([200, 200])
  const name = cookie.split('=')[0]
  const last = cookie.endsWith('A') ? 'B' : 'A'
  for (const wrong of ['', `${name}=`, `${cookie.slice(0, -1)}${last}`, `${cookie}x`, `${name}=${key}`])
    expect([wrong, await at(world, wrong)]).toEqual([wrong, 401])
  await fetch(`${world.url}/dashboard/session`, { method: 'DELETE', headers: { cookie, ...own } })
  expect([await at(world, cookie), await at(replica, cookie)]).toEqual([401, 401])
  await replica.close()
})

it('ends when it is not used, and after a week in any case [T35]', async () => {
  for (const column of ['seen_at', 'created_at']) {
    const { cookie } = await signIn(world.adminKey)
    expect((await viewer(cookie)).status).toBe(200)
    await world.pool.query(
      `update session set ${column} = ${column} - interval '${column === 'seen_at' ? '12 hours' : '7 days'}'`,
    )
    expect((await viewer(cookie)).status).toBe(401)
  }
})

it('changes its token every hour, and still serves requests that are under way [T35]', async () => {
  const { cookie } = await signIn(world.adminKey)
  await world.pool.query("update session set rotated_at = now() - interval '61 minutes'")
  const answers = await Promise.all(Array.from({ length: 10 }, () => viewer(cookie)))
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
  const next = answers.map((answer) => answer.cookie).filter(Boolean)
  expect(next).toHaveLength(1)
  expect(next[0]).not.toBe(cookie)
  expect((await viewer(next[0] as string)).status).toBe(200)
  await world.pool.query("update session set rotated_at = now() - interval '2 minutes'")
  expect((await viewer(cookie)).status).toBe(401)
  expect((await viewer(next[0] as string)).status).toBe(200)
})

it('signing in again replaces the previous session [T35]', async () => {
  const first = await signIn(world.adminKey)
  await signIn(world.adminKey, { ...own, cookie: first.cookie })
  expect((await viewer(first.cookie)).status).toBe(401)
})
