/**
 * When tokens are renewed before they expire: shortly before the end, when an agent reports that one was rejected, or
 * so that an unused grant does not lapse; and never while the provider has asked to be left alone.
 */
import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { Workshop } from './support/workshop.js'

const readRejected = graphql(`
  query ReadRejected($connection: ID!, $identifier: String!, $rejected: String) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      token(rejected: $rejected) {
        __typename
        ... on OAuthToken { accessToken }
        ... on AuthorizationRequired { accountStatus reason }
        ... on ProviderUnavailable { reason retryAfter }
      }
    }
  }
`)

const readId = graphql(`
  query ReadIdOf($connection: ID!) { connectedAccount(connection: $connection, identifier: "ada") { id } }
`)

const importAgain = graphql(`
  mutation ImportAgain($id: ID!, $input: UpdateConnectedAccountInput!) {
    updateConnectedAccount(id: $id, input: $input) { id }
  }
`)

const readKeepAlive = graphql(`
  query ReadKeepAlive($connection: ID!) {
    connection(connection: $connection) {
      keepAlive { maxIdleDays due lapsing perDay measuredAt }
    }
  }
`)

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open()
})
afterAll(() => shop.close())

async function made(users = ['ada'], more: Record<string, unknown> = {}) {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: { url: url('/token') },
    ...more,
  }))
  const { name } = await shop.connection(key)
  let issued = 0
  shop.answer(key, '/token', () => ({
    body: { access_token: `access-${++issued}`, refresh_token: `refresh-${issued}`, expires_in: 3600 },
  }))
  for (const user of users)
    await shop.authorize(name, (door) => ({ code: 'c', state: door.searchParams.get('state') as string }), {}, user)
  return { key, name, requests: () => shop.requestsTo(key, '/token').length }
}

const read = async (connection: string, rejected?: string, identifier = 'ada') =>
  (await shop.world.get(readRejected, { connection, identifier, rejected })).connectedAccount?.token
/** Sets how many seconds ago the current token was obtained, and in how many it expires. */
const aged = (connection: string, ago: number, ends: number) =>
  shop.world.pool.query(
    `update credential
     set obtained_at = now() - make_interval(secs => $2), expires_at = now() + make_interval(secs => $3)
     from connected_account a join connection c on c.id = a.connection_id
     where a.id = account_id and c.name = $1`,
    [connection, ago, ends],
  )

it('a token that expires soon is renewed once while it is still given out, and nobody waits', async () => {
  const { name, requests } = await made()
  await aged(name, 3400, 200)
  const answers = await Promise.all(Array.from({ length: 20 }, () => read(name)))
  expect(answers[0]).toMatchObject({ accessToken: 'access-1' })
  for (const answer of answers) expect((answer as { accessToken: string }).accessToken).toMatch(/^access-[12]$/)
  await expect.poll(async () => (await read(name)) as object).toMatchObject({ accessToken: 'access-2' })
  expect(requests()).toBe(2)
  await aged(name, 1800, 1800)
  await read(name)
  expect(requests()).toBe(2)
})

it('an agent whose token was rejected gets a newer one, a hundred such agents the same one [input 49]', async () => {
  const { name, requests } = await made()
  await aged(name, 600, 3000)
  const answers = await Promise.all(Array.from({ length: 100 }, () => read(name, 'access-1')))
  expect(new Set(answers.map((answer) => (answer as { accessToken: string }).accessToken))).toEqual(
    new Set(['access-2']),
  )
  expect(requests()).toBe(2)
  // Late reports, and reports about an unknown one, cause no more refreshes.
  for (const word of ['access-1', 'nonsense', ''])
    expect(await read(name, word)).toMatchObject({ accessToken: 'access-2' })
  expect(requests()).toBe(2)
})

it('an agent whose rejected token is too new to be renewed is told so, and when to ask again', async () => {
  const { name, requests } = await made()
  await aged(name, 10, 3590)
  expect(await read(name, 'access-1')).toEqual({
    __typename: 'ProviderUnavailable',
    reason: expect.stringContaining('not 30 seconds old'),
    retryAfter: expect.toSatisfy((seconds: number) => seconds > 0 && seconds <= 20),
  })
  expect(requests()).toBe(1)
  // Who does not say that it was rejected has it, and later it is renewed.
  expect(await read(name)).toMatchObject({ accessToken: 'access-1' })
  await aged(name, 31, 3569)
  expect(await read(name, 'access-1')).toMatchObject({ accessToken: 'access-2' })
})

it('an agent whose rejected token can never be renewed is told to send the user, and no one else is', async () => {
  const { name, requests } = await made(['ada'], { refresh: false })
  await aged(name, 600, 3000)
  expect(await read(name, 'access-1')).toEqual({
    __typename: 'AuthorizationRequired',
    accountStatus: 'ACTIVE',
    reason: expect.stringContaining('cannot be renewed'),
  })
  expect(await read(name)).toMatchObject({ accessToken: 'access-1' })
  expect(requests()).toBe(1)
})

it('a provider that answers 429 is left alone, for every account of the connection [T42]', async () => {
  const { key, name, requests } = await made(['ada', 'bob'])
  shop.answer(key, '/token', () => ({ status: 429, body: { error: 'slow_down' }, headers: { 'retry-after': '40' } }))
  await aged(name, 3600, -1)
  expect(await read(name)).toMatchObject({ __typename: 'ProviderUnavailable' })
  const before = requests()
  for (let i = 0; i < 10; i++)
    expect(await read(name, undefined, 'bob')).toMatchObject({
      __typename: 'ProviderUnavailable',
      retryAfter: expect.toSatisfy((seconds: number) => seconds > 30 && seconds <= 40),
    })
  expect(requests()).toBe(before)
  await shop.world.pool.query('update connection set paused_until = null')
  shop.answer(key, '/token', () => ({ body: { access_token: 'after', expires_in: 3600 } }))
  expect(await read(name, undefined, 'bob')).toMatchObject({ accessToken: 'after' })
})

it('grants that lapse when unused are refreshed, a few at a time, and not while the provider fails', async () => {
  const users = Array.from({ length: 8 }, (_, index) => `user-${index}`)
  const { key, name, requests } = await made(users, { refresh: { maxIdleDays: 60 } })
  const { keepAlive } = shop.world.app.services
  const day = 86_400
  await aged(name, 20 * day, -1)
  expect(await keepAlive.round()).toBe(0)
  await aged(name, 50 * day, -1)
  const before = requests()
  expect(await keepAlive.round()).toBe(5)
  expect(await keepAlive.round()).toBe(3)
  expect(await keepAlive.round()).toBe(0)
  expect(requests()).toBe(before + 8)
  await aged(name, 50 * day, -1)
  shop.answer(key, '/token', () => ({ status: 503, body: {} }))
  expect(await keepAlive.round()).toBe(0)
  expect(requests()).toBe(before + 9)
  expect((await shop.credential(name, { identifier: 'user-0' }))?.status).toBe('ACTIVE')
})

it('says on the connection how many idle grants will lapse, where the provider lets too few through', async () => {
  const users = Array.from({ length: 8 }, (_, index) => `user-${index}`)
  const { key, name } = await made(users, { refresh: { maxIdleDays: 60 } })
  const { keepAlive } = shop.world.app.services
  const measured = async () => (await shop.world.get(readKeepAlive, { connection: name })).connection?.keepAlive
  const metric = async () =>
    /^valetkey_keepalive_lapsing (\d+)$/m.exec(await (await fetch(`${shop.world.url}/metrics`)).text())?.[1]
  expect(await measured()).toBeNull()
  // They lapse in five minutes, and a round comes every ten.
  await aged(name, 60 * 86_400 - 300, -1)
  shop.answer(key, '/token', () => ({ status: 429, body: {}, headers: { 'retry-after': '60' } }))
  await keepAlive.round()
  expect(await measured()).toMatchObject({ maxIdleDays: 60, due: 8, lapsing: 8 })
  expect(await metric()).toBe('8')
  await shop.world.pool.query('update connection set paused_until = null, throttled_until = null')
  await shop.world.pool.query('update refresh_lease set next_attempt_at = null')
  shop.answer(key, '/token', () => ({ body: { access_token: 'a', refresh_token: 'r', expires_in: 3600 } }))
  while ((await keepAlive.round()) > 0);
  expect(await measured()).toMatchObject({ due: 0, lapsing: 0, perDay: 5 * 144 })
  expect(await metric()).toBe('0')
})

it('renews as many idle grants in a round as the connection needs', async () => {
  const users = Array.from({ length: 8 }, (_, index) => `user-${index}`)
  const { name } = await made(users, { refresh: { maxIdleDays: 1 } })
  await aged(name, 0.8 * 86_400, -1)
  // With 112 others that are not idle: all 120 have their turn within a quarter of a day, in 36 rounds, and twice as
  // fast to have a reserve.
  await shop.world.pool.query(
    `with model as (
       select to_jsonb(a) as account, to_jsonb(credential) as credential
       from credential join connected_account a on a.id = account_id join connection c on c.id = a.connection_id
       where c.name = $1 limit 1
     ), made as (select gen_random_uuid() as id, n from generate_series(1, 112) n), accounts as (
       insert into connected_account
       select (jsonb_populate_record(null::connected_account,
         account || jsonb_build_object('id', id, 'identifier', 'busy-' || n))).*
       from model, made
     )
     insert into credential
     select (jsonb_populate_record(null::credential,
       credential || jsonb_build_object('account_id', id, 'obtained_at', now()))).*
     from model, made`,
    [name],
  )
  expect(await shop.world.app.services.keepAlive.round()).toBe(7)
})

it('does not repeat a refresh of unknown outcome while the access token works, if reuse ends the grant', async () => {
  const { key, name, requests } = await made(['ada'], { refresh: { using: 'refresh_token', rotation: 'rotates' } })
  shop.answer(key, '/token', () => (response: ServerResponse) => response.destroy())
  await aged(name, 3400, 200)
  expect(await read(name)).toMatchObject({ accessToken: 'access-1' })
  await expect
    .poll(() =>
      shop.world.pool
        .query(
          `select 1 from refresh_lease lease
           join connected_account a on a.id = lease.account_id
           join connection c on c.id = a.connection_id
           where c.name = $1 and a.identifier = 'ada' and lease.in_flight and lease.until is null`,
          [name],
        )
        .then(({ rowCount }) => rowCount),
    )
    .toBe(1)
  // The pause is over: the token is still given out, and the provider is not asked.
  await shop.world.pool.query('update refresh_lease set next_attempt_at = null')
  expect(await read(name)).toMatchObject({ accessToken: 'access-1' })
  expect(requests()).toBe(2)
  // An agent whose token was refused shows that nothing is gained by waiting.
  expect(await read(name, 'access-1')).toMatchObject({ __typename: 'ProviderUnavailable' })
  expect(requests()).toBe(3)
  await shop.world.pool.query('update refresh_lease set next_attempt_at = null')
  await aged(name, 3600, -1)
  // A query at that moment may still join the flight of an earlier one.
  await expect.poll(() => read(name).then(requests)).toBe(4)
})

it('a token that an agent reports as rejected is given to nobody after a refresh of unknown outcome', async () => {
  const { key, name } = await made(['ada'], { refresh: { using: 'refresh_token', rotation: 'rotates' } })
  shop.answer(key, '/token', () => (response: ServerResponse) => response.destroy())
  await aged(name, 3400, 2000)
  expect(await read(name, 'access-1')).toMatchObject({ __typename: 'ProviderUnavailable' })
  expect(await read(name)).toMatchObject({ __typename: 'ProviderUnavailable' })
})

it('a token that an agent reports as rejected goes on serving the others while the provider is down', async () => {
  const { key, name } = await made()
  shop.answer(key, '/token', () => ({ status: 503, body: {} }))
  await aged(name, 3400, 2000)
  expect(await read(name, 'access-1')).toMatchObject({ __typename: 'ProviderUnavailable' })
  expect(await read(name)).toMatchObject({ accessToken: 'access-1' })
})

it('the same tokens are not imported again while their refresh is under way', async () => {
  const { key, name } = await made(['ada'], { refresh: { using: 'refresh_token', rotation: 'rotates' } })
  const id = (await shop.world.get(readId, { connection: name })).connectedAccount?.id as string
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  shop.answer(key, '/token', () => (response: ServerResponse) => {
    held.then(() =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ access_token: 'the-next', refresh_token: 'refresh-2', expires_in: 3600 })),
    )
  })
  await aged(name, 3600, -1)
  const asked = read(name)
  await expect.poll(() => shop.requestsTo(key, '/token').length).toBe(2)
  const input = { oauth2: { accessToken: 'access-1', refreshToken: 'refresh-1' } }
  const { errors } = await shop.world.ask(importAgain, { id, input })
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'CONFLICT' }, message: expect.stringContaining('used up') })
  release()
  expect(await asked).toMatchObject({ accessToken: 'the-next' })
})
