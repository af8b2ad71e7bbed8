/**
 * What one party does stays with that party: one user's refused refresh, one odd answer, one forged callback or
 * one bad input costs nobody else anything.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toTypeId } from '../src/ids.js'
import { graphql } from './generated/gql.js'
import type { Permission } from './generated/graphql.js'
import { createApiKey, readAccount, readToken } from './support/documents.js'
import type { Answer, OddRequest } from './support/odd-provider.js'
import { REFUSALS } from './support/refusals.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'
import { createWorld, post } from './support/world.js'

const readConnection = graphql(`
  query BlastConnection($connection: ID!) { connection(connection: $connection) { status problem } }
`)
const changeClient = graphql(`
  mutation BlastChangeClient($connection: ID!, $input: UpdateConnectionInput!) {
    updateConnection(connection: $connection, input: $input) { status }
  }
`)
const startLink = graphql(`
  mutation BlastStart($input: StartAuthorizationInput!) { startAuthorization(input: $input) { url } }
`)
const readRejected = graphql(`
  query BlastRejected($connection: ID!, $identifier: String!, $rejected: String) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      token(rejected: $rejected) {
        __typename
        ... on OAuthToken { accessToken }
        ... on AuthorizationRequired { reason }
        ... on ProviderUnavailable { reason retryAfter }
      }
    }
  }
`)

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open()
})
afterAll(() => shop.close())

/** A connection whose provider answers each user as `odd` says, and renews everybody else. */
async function crowd(users: string[], more: Record<string, unknown> = {}, usual: Record<string, unknown> = {}) {
  const odd = new Map<string, (request: OddRequest) => Answer>()
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: { url: url('/token') },
    ...more,
  }))
  const { name } = await shop.connection(key)
  await shop.world.pool.query("update connection set updated_at = now() - interval '1 day' where name = $1", [name])
  let issued = 0
  const counts = new Map<string, number>()
  shop.answer(key, '/token', (request) => {
    const user = request.form.refresh_token?.split('/')[0] ?? request.form.code ?? ''
    counts.set(user, (counts.get(user) ?? 0) + 1)
    const reply = request.form.refresh_token ? odd.get(user)?.(request) : undefined
    if (reply) return reply
    issued += 1
    return {
      body: {
        access_token: `access/${user}/${issued}`,
        refresh_token: `${user}/${issued}`,
        expires_in: 3600,
        ...usual,
      },
    }
  })
  for (const user of users)
    await shop.authorize(name, (door) => ({ code: user, state: door.searchParams.get('state') as string }), {}, user)
  return { key, name, odd, calls: (user: string) => (counts.get(user) ?? 1) - 1 }
}

const token = async (connection: string, identifier: string) =>
  (await shop.world.get(readToken, { connection, identifier })).connectedAccount?.token
const statusOf = async (connection: string, identifier: string) =>
  (await shop.world.get(readAccount, { connection, identifier })).connectedAccount
const connectionOf = async (connection: string) => (await shop.world.get(readConnection, { connection })).connection

const ofConnection = 'connected_account a join connection c on c.id = a.connection_id'
/** A minute passes, and the access tokens of a connection have run out. */
async function expire(connection: string) {
  await shop.world.pool.query(
    `update credential set expires_at = now() - interval '1 second', obtained_at = obtained_at - interval '1 minute'
     from ${ofConnection} where a.id = account_id and c.name = $1`,
    [connection],
  )
  await shop.world.pool.query(
    `update refresh_lease set refused_at = refused_at - interval '1 minute'
     from ${ofConnection} where a.id = account_id and c.name = $1`,
    [connection],
  )
}
/** What has to wait has waited. */
const wait = (connection: string) =>
  shop.world.pool.query(
    `update refresh_lease set next_attempt_at = null from ${ofConnection} where a.id = account_id and c.name = $1`,
    [connection],
  )

describe("one user's refresh that is refused", () => {
  it.each(REFUSALS)('by %s, costs that user alone, and ends with its words [input 42]', async (_way, reply) => {
    const others = ['bob', 'cem', 'dan', 'eve', 'fay']
    const { name, odd } = await crowd(['ada', ...others])
    await expire(name)
    for (const user of others) await token(name, user)
    odd.set('ada', () => reply)
    for (let round = 1; round <= 4; round++) {
      await expire(name)
      await wait(name)
      const [bad, ...good] = await Promise.all(['ada', ...others].map((user) => token(name, user)))
      expect(good.map((answer) => answer?.__typename)).toEqual(others.map(() => 'OAuthToken'))
      const may = round < 4 ? ['ProviderUnavailable', 'AuthorizationRequired'] : ['AuthorizationRequired']
      expect(may).toContain(bad?.__typename)
    }
    expect(await statusOf(name, 'ada')).toMatchObject({
      status: 'REAUTHORIZATION_REQUIRED',
      statusReason: expect.stringContaining('The provider answered'),
    })
    expect(await connectionOf(name)).toEqual({ status: 'ACTIVE', problem: null })
  })

  it.each([
    [
      'with a word that providers use when they are asked too often',
      400,
      { error: 'invalid_grant', error_description: 'Session throttled by user policy' },
      {},
    ],
    ['for an hour, by what stands in front of the provider', 503, {}, { 'retry-after': '3600' }],
    ['for an hour, without a reason', 403, {}, { 'retry-after': '3600' }],
    ['for an hour, with a code of another grant', 400, { error: 'slow_down' }, { 'retry-after': '3600' }],
  ] as const)('%s costs that user alone', async (_how, status, body, headers) => {
    const { name, odd } = await crowd(['ada', 'bob', 'cem'])
    odd.set('ada', () => ({ status, body, headers }))
    await expire(name)
    expect((await token(name, 'ada'))?.__typename).not.toBe('OAuthToken')
    for (const user of ['bob', 'cem']) expect(await token(name, user)).toMatchObject({ __typename: 'OAuthToken' })
  })

  it('for no stated reason, is asked for again, with pauses, before it counts', async () => {
    const { name, odd, calls } = await crowd(['ada', 'bob'])
    odd.set('ada', () => ({ status: 403, body: { error: 'account_suspended' } }))
    await expire(name)
    await token(name, 'bob')
    for (let i = 0; i < 5; i++) expect(await token(name, 'ada')).toMatchObject({ __typename: 'ProviderUnavailable' })
    expect(calls('ada')).toBe(1)
    expect((await statusOf(name, 'ada'))?.status).toBe('ACTIVE')
  })

  it('for everybody, is the connection: no account pays, and it mends itself', async () => {
    const users = ['ada', 'bob', 'cem', 'dan']
    const { name, odd } = await crowd(users)
    for (const user of users) odd.set(user, () => ({ status: 400, body: { error: 'unsupported_grant_type' } }))
    await expire(name)
    for (const user of users) await token(name, user)
    expect(await connectionOf(name)).toMatchObject({
      status: 'MISCONFIGURED',
      problem: expect.stringContaining('unsupported_grant_type'),
    })
    for (const user of users) expect((await statusOf(name, user))?.status).toBe('ACTIVE')
    odd.clear()
    await wait(name)
    await shop.world.pool.query("update connection set updated_at = now() - interval '1 minute' where name = $1", [
      name,
    ])
    expect(await token(name, 'ada')).toMatchObject({ __typename: 'OAuthToken' })
    expect(await connectionOf(name)).toEqual({ status: 'ACTIVE', problem: null })
  })

  it('because the app is not known is the connection as soon as a second account meets it [T43]', async () => {
    const { name, odd } = await crowd(['ada', 'bob', 'cem'])
    for (const user of ['ada', 'bob']) odd.set(user, () => ({ status: 401, body: { error: 'invalid_client' } }))
    await expire(name)
    expect(await token(name, 'ada')).toMatchObject({ __typename: 'ProviderUnavailable' })
    expect(await connectionOf(name)).toMatchObject({ status: 'ACTIVE' })
    expect(await token(name, 'bob')).toMatchObject({ __typename: 'ConnectionUnavailable' })
    for (const user of ['ada', 'bob']) expect((await statusOf(name, user))?.status).toBe('ACTIVE')
  })

  it('because the app is not known, before anybody else renewed, costs nobody else anything', async () => {
    const { name, odd } = await crowd(['ada', 'bob'])
    odd.set('ada', () => ({ status: 401, body: { error: 'invalid_client' } }))
    await expire(name)
    expect(await token(name, 'ada')).toMatchObject({ __typename: 'ProviderUnavailable' })
    expect(await token(name, 'bob')).toMatchObject({ __typename: 'OAuthToken' })
    expect(await connectionOf(name)).toMatchObject({ status: 'ACTIVE' })
  })

  it('because the app is not known is the connection at once where there is no other account', async () => {
    const { name, odd } = await crowd(['ada'])
    odd.set('ada', () => ({ status: 401, body: { error: 'invalid_client' } }))
    await expire(name)
    expect(await token(name, 'ada')).toMatchObject({ __typename: 'ConnectionUnavailable' })
    expect((await statusOf(name, 'ada'))?.status).toBe('ACTIVE')
  })

  it('because it came too often is no refusal, whatever the status and the definition say [T42]', async () => {
    const { name, odd } = await crowd(['ada', 'bob'], {
      token: { url: '{connection.base}/token', response: { error: { grantStatuses: [403, 404] } } },
      connectionFields: [{ key: 'base', label: 'Base', kind: 'text', default: shop.provider.url }],
    }).catch(() => crowd(['ada', 'bob']))
    odd.set('ada', () => ({
      status: 403,
      headers: { 'x-ratelimit-remaining': '0' },
      body: { message: 'API rate limit exceeded' },
    }))
    await expire(name)
    expect(await token(name, 'ada')).toMatchObject({ __typename: 'ProviderUnavailable' })
    expect((await statusOf(name, 'ada'))?.status).toBe('ACTIVE')
  })
})

describe("a provider's bad hour", () => {
  it('in which every second refresh is refused flags two accounts at the most', async () => {
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`)
    const { name, odd } = await crowd(users)
    await expire(name)
    const refused = () => ({ status: 400, body: { error: 'invalid_grant' } })
    for (const [index, user] of users.entries()) if (index % 2 === 1) odd.set(user, refused)
    for (const user of users) await token(name, user)
    odd.clear()
    await wait(name)
    const after = await Promise.all(users.map((user) => token(name, user)))
    const flagged = after.filter((answer) => answer?.__typename === 'AuthorizationRequired')
    expect(flagged.length).toBeLessThanOrEqual(2)
    expect(after.filter((answer) => answer?.__typename === 'OAuthToken')).toHaveLength(users.length - flagged.length)
  })

  it('flags one account at the most, and nobody is held back when it is over', async () => {
    const users = Array.from({ length: 15 }, (_, index) => `user-${index}`)
    const { name, odd } = await crowd(users)
    for (const user of users) odd.set(user, () => ({ status: 400, body: { error: 'invalid_grant' } }))
    await expire(name)
    for (let round = 0; round < 4; round++) {
      await Promise.all(users.map((user) => token(name, user)))
      await wait(name)
    }
    const statuses = await Promise.all(users.map(async (user) => (await statusOf(name, user))?.status))
    expect(statuses.filter((status) => status !== 'ACTIVE').length).toBeLessThanOrEqual(1)
    odd.clear()
    // One that asks finds out; then all the others are served without waiting.
    await wait(name)
    const active = users.filter((_, index) => statuses[index] === 'ACTIVE')
    expect(await token(name, active[0] as string)).toMatchObject({ __typename: 'OAuthToken' })
    const answers = await Promise.all(active.map((user) => token(name, user)))
    expect(answers.map((answer) => answer?.__typename)).toEqual(active.map(() => 'OAuthToken'))
  })
})

describe('what a browser brings', () => {
  it.each(['unauthorized_client', 'invalid_client', 'server_error'])(
    'as error=%s ends that attempt, and is no evidence about the app [input 30]',
    async (error) => {
      const { name } = await crowd(['ada', 'bob'])
      const { startAuthorization: link } = await shop.world.get(startLink, {
        input: { connection: name, identifier: 'eve' },
      })
      const visitor = new Visitor()
      const door = new URL(await visitor.start(link.url as string, (url) => url.startsWith(shop.provider.url)))
      const back = new URL(door.searchParams.get('redirect_uri') as string)
      back.searchParams.set('state', door.searchParams.get('state') as string)
      back.searchParams.set('error', error)
      back.searchParams.set('error_description', 'Call +1 555 0100 to mend this.')
      await visitor.open(back.href)
      expect(await connectionOf(name)).toEqual({ status: 'ACTIVE', problem: null })
      await expire(name)
      expect(await token(name, 'ada')).toMatchObject({ __typename: 'OAuthToken' })
    },
  )
})

describe('text that cannot be stored', () => {
  const ODD = ['\0', '\ud800', 'a\udc00b', '\u202e', '\u200b', 'x'.repeat(100_000)]

  it.each(['scope', 'error', 'error_description', 'token_type', 'id'])(
    "in a provider's %s is stored as far as it can be, and keeps nobody waiting",
    async (field) => {
      const { name, odd } = await crowd(['ada', 'bob'])
      for (const text of ODD) {
        odd.set('ada', () => ({
          status: field.startsWith('error') ? 400 : 200,
          body: { access_token: 'a', refresh_token: 'ada/x', expires_in: 3600, [field]: `odd ${text}` },
        }))
        await expire(name)
        await wait(name)
        const [, good] = await Promise.all([token(name, 'ada'), token(name, 'bob')])
        expect(good).toMatchObject({ __typename: 'OAuthToken' })
      }
    },
  )

  it('in an input is refused with the way to it, and the reads beside it are served', async () => {
    const { name } = await crowd(['ada'])
    const bad = () =>
      post(shop.world.url, readToken, { connection: name, identifier: 'ada', purpose: '\ud800' }, shop.world.adminKey)
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 4 === 0 ? bad() : shop.world.ask(readToken, { connection: name, identifier: 'ada' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(10)
    expect(answers[0]?.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['variables', 'purpose'] })
    expect(answers.filter(({ data }) => data?.connectedAccount?.token?.__typename === 'OAuthToken')).toHaveLength(30)
  })
})

describe('what others read', () => {
  const keyWith = async (permissions: Permission[]) =>
    (await shop.world.get(createApiKey, { input: { name: permissions.join(), permissions } })).createApiKey.secret
  const read = async (key: string, query: string) => {
    const { data, errors } = await post(shop.world.url, query, {}, key)
    return errors?.[0]?.extensions.code ?? (data ? 'data' : 'nothing')
  }
  const tokenOf = async (key: string, address: string) => {
    const query = `{ connectedAccount(${address}) { token { __typename ... on OAuthToken { accessToken } } } }`
    const { data, errors } = await post(shop.world.url, query as never, {}, key)
    const { connectedAccount: account } = (data ?? {}) as { connectedAccount?: { token: { __typename: string } } }
    return account?.token.__typename ?? errors?.[0]?.extensions.code
  }
  /** Token queries by both addresses, one after the other; a renewal is among them. */
  const tokensOf = async (key: string, name: string) => {
    const { rows } = await shop.world.pool.query(
      `select id::text from connected_account where connection_id = (select id from connection where name = $1)`,
      [name],
    )
    const id = toTypeId('acct', rows[0].id)
    await expire(name)
    const answers: unknown[] = []
    for (let round = 0; round < 3; round++) {
      answers.push(await tokenOf(key, `connection: "${name}", identifier: "ada"`))
      answers.push(await tokenOf(key, `id: "${id}"`))
    }
    return answers
  }
  const TOKENS = Array.from({ length: 6 }, () => 'OAuthToken')

  it.each([
    [
      'lists inside of lists',
      '{ connections(first: 200) { items { accountCount connector { connections { name } } } } }',
    ],
    [
      'all that it may ask for',
      '{ connections(first: 200) { items { connector { connections { connector { connections { id } } } } } } }',
    ],
    ['the catalogue', '{ connectors(first: 200) { items { connections { name accountCount } } } }'],
  ])('as %s, again and again, keeps no token from another key', async (_what, query) => {
    const { name, key: connector } = await crowd(['ada'])
    for (let i = 0; i < 10; i++) await shop.connection(connector)
    const [reader, agent] = [await keyWith(['CONNECTIONS_READ']), await keyWith(['TOKENS_READ'])]
    let going = true
    const seen = new Set<string>()
    const flood = Promise.all(
      Array.from({ length: 50 }, async () => {
        do seen.add(await read(reader, query))
        while (going)
      }),
    )
    expect(await tokensOf(agent, name)).toEqual(TOKENS)
    going = false
    await flood
    expect(['data', 'BUSY', 'QUERY_TOO_COMPLEX']).toEqual(expect.arrayContaining([...seen]))
  })

  it('and waits for a lock keeps no token from another key, and no list from a third one', async () => {
    const { name } = await crowd(['ada'])
    const keys = [await keyWith(['ACCOUNTS_READ']), await keyWith(['TOKENS_READ']), await keyWith(['CONNECTIONS_READ'])]
    const [slow = '', agent = '', third = ''] = keys
    const locker = await shop.world.pool.connect()
    await locker.query('begin; lock table authorization_link in access exclusive mode')
    const links = '{ connectedAccounts(first: 50) { items { authorizationLinks { id } } } }'
    const waiting = Array.from({ length: 700 }, () => read(slow, links))
    await shop.world.ask(readToken, { connection: name, identifier: 'ada' })
    expect(await tokensOf(agent, name)).toEqual(TOKENS)
    expect(await read(third, '{ connections(first: 50) { totalCount items { accountCount } } }')).toBe('data')
    await locker.query('rollback')
    locker.release()
    const answers = new Set(await Promise.all(waiting))
    expect([...answers].sort()).toEqual(['BUSY', 'data'])
  })
})

describe('places and pauses', () => {
  it('an account that waits for a refresh of another process takes no turn of the others', async () => {
    const users = Array.from({ length: 12 }, (_, index) => `user-${index}`)
    const { name } = await crowd(users)
    await expire(name)
    const stuck = users.slice(0, 11)
    await shop.world.pool.query(
      `insert into refresh_lease (account_id, owner, until, fence, in_flight, sent_at)
       select a.id, gen_random_uuid(), now() + interval '50 seconds', 1, true, now() from ${ofConnection}
       where c.name = $1 and a.identifier = any($2)
       on conflict (account_id) do update set owner = excluded.owner, until = excluded.until, in_flight = true`,
      [name, stuck],
    )
    const waiting = Promise.all(stuck.map((user) => token(name, user)))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const began = performance.now()
    expect(await token(name, 'user-11')).toMatchObject({ __typename: 'OAuthToken' })
    expect(performance.now() - began).toBeLessThan(5_000)
    await shop.world.pool.query('update refresh_lease set until = null, in_flight = false')
    await waiting
  })

  it('a start takes back what the process before it had: leases and slots', async () => {
    const { name } = await crowd(['ada'])
    await expire(name)
    await token(name, 'ada')
    const { owner } = shop.world
    await shop.world.pool.query(
      `update refresh_slot set holder = gen_random_uuid(), owner = $2, until = now() + interval '1 minute'
       from connection c where c.id = connection_id and c.name = $1`,
      [name, owner],
    )
    const again = await createWorld({ databaseUrl: shop.world.config.databaseUrl as string, owner })
    await again.app.services.sweep.start()
    const { rows } = await shop.world.pool.query('select count(*)::int as taken from refresh_slot where until > now()')
    expect(rows[0].taken).toBe(0)
    await again.close()
  })

  it('the longest pause that a provider asked for stands, also where it was down before', async () => {
    const { name, odd } = await crowd(['ada', 'bob'])
    await shop.world.pool.query('update connection set failing = true where name = $1', [name])
    odd.set('ada', () => ({ status: 429, headers: { 'retry-after': '120' }, body: {} }))
    await expire(name)
    await token(name, 'ada')
    expect(await token(name, 'bob')).toMatchObject({
      __typename: 'ProviderUnavailable',
      retryAfter: expect.toSatisfy((seconds: number) => seconds > 100),
    })
  })
})

describe('where the outcome of a refresh is unknown', () => {
  const strict = { refresh: { using: 'refresh_token', rotation: 'rotates' } }
  const cut = () => (response: ServerResponse) => void response.destroy()
  const rejected = async (connection: string, word: string) =>
    (await shop.world.get(readRejected, { connection, identifier: 'ada', rejected: word })).connectedAccount?.token

  it('and no lifetime is known, an agent whose token was refused has it tried again', async () => {
    const { name, odd, calls } = await crowd(['ada'], strict, { expires_in: undefined })
    await shop.world.pool.query(
      `update credential set obtained_at = now() - interval '1 hour'
       from ${ofConnection} where a.id = account_id and c.name = $1`,
      [name],
    )
    odd.set('ada', cut)
    expect(await rejected(name, 'access/ada/1')).toMatchObject({ __typename: 'ProviderUnavailable' })
    await wait(name)
    odd.set('ada', () => ({ status: 400, body: { error: 'invalid_grant' } }))
    expect(await rejected(name, 'access/ada/1')).toMatchObject({
      __typename: 'AuthorizationRequired',
      reason: expect.stringContaining('refresh_outcome_lost'),
    })
    expect(calls('ada')).toBe(2)
  })

  it('a provider that ends the old access token is asked again at once', async () => {
    const { name, odd, calls } = await crowd(['ada'], { refresh: { ...strict.refresh, endsOldAccess: true } })
    odd.set('ada', cut)
    await expire(name)
    await token(name, 'ada')
    odd.clear()
    await wait(name)
    await shop.world.pool.query("update credential set expires_at = now() + interval '5 seconds'")
    expect(await token(name, 'ada')).toMatchObject({ __typename: 'OAuthToken' })
    expect(calls('ada')).toBe(2)
  })

  it.each([
    ['within', 5, 2],
    ['past', 40, 1],
  ] as const)('a declared grace of 30 s is used: %s it', async (_when, secondsAgo, expected) => {
    const { name, odd, calls } = await crowd(['ada'], { refresh: { ...strict.refresh, reuseGraceSeconds: 30 } })
    odd.set('ada', cut)
    await expire(name)
    await token(name, 'ada')
    odd.clear()
    await wait(name)
    await shop.world.pool.query(
      `update refresh_lease set sent_at = now() - make_interval(secs => $2) from ${ofConnection}
       where a.id = account_id and c.name = $1`,
      [name, secondsAgo],
    )
    await shop.world.pool.query(
      `update credential set expires_at = now() + interval '10 seconds' from ${ofConnection}
       where a.id = account_id and c.name = $1`,
      [name],
    )
    await token(name, 'ada')
    expect(calls('ada')).toBe(expected)
  })

  const gateway = (status: number) => ({ status, headers: { 'retry-after': '1' }, body: {} })
  it('a grace is used, although what stands in front of the provider says to come later', async () => {
    const { name, odd, calls } = await crowd(['ada'], { refresh: { ...strict.refresh, reuseGraceSeconds: 6 } })
    odd.set('ada', () => {
      odd.clear()
      return { status: 429, headers: { 'retry-after': '60' }, body: {} }
    })
    await expire(name)
    await token(name, 'ada')
    await expect
      .poll(async () => (await token(name, 'ada'))?.__typename, { timeout: 5_000, interval: 200 })
      .toBe('OAuthToken')
    expect(calls('ada')).toBe(2)
  })

  it('a refresh token that is a number of many digits goes back as it came', async () => {
    const { key, name, odd } = await crowd(['ada'])
    odd.set('ada', () => ({
      body: '{"access_token":"access/ada/9","refresh_token":12345678901234567890,"expires_in":3600}',
    }))
    await expire(name)
    await token(name, 'ada')
    odd.clear()
    await expire(name)
    await token(name, 'ada')
    expect(shop.requestsTo(key, '/token').at(-1)?.form.refresh_token).toBe('12345678901234567890')
  })

  it.each([
    ['cut off, then throttled', () => [cut(), gateway(429)]],
    ['throttled by what stands in front of the provider', () => [gateway(429)]],
    ['sent away by what stands in front of the provider', () => [gateway(503)]],
  ])('it stays so, until an answer settles it: %s, then refused', async (_how, replies) => {
    const { name, odd } = await crowd(['ada'])
    await expire(name)
    for (const reply of [...replies(), { status: 400, body: { error: 'invalid_grant' } }]) {
      odd.set('ada', () => reply)
      await token(name, 'ada')
      await wait(name)
      await shop.world.pool.query('update connection set paused_until = null, throttled_until = null')
    }
    expect((await statusOf(name, 'ada'))?.statusReason).toContain('refresh_outcome_lost')
  })
})

it('a changed client pauses its accounts, and they come back when it is changed back', async () => {
  const users = ['ada', 'bob', 'cem']
  const { name, calls } = await crowd(users)
  const change = (value: string) =>
    shop.world.get(changeClient, { connection: name, input: { fields: [{ key: 'client_id', value }] } })
  await change('a-typo')
  await expire(name)
  for (const user of users)
    expect(await token(name, user)).toMatchObject({
      __typename: 'AuthorizationRequired',
      reason: expect.stringContaining('app or address changed'),
    })
  for (const user of users) expect((await statusOf(name, user))?.status).toBe('REAUTHORIZATION_REQUIRED')
  await change('the-client')
  for (const user of users) expect((await statusOf(name, user))?.status).toBe('ACTIVE')
  for (const user of users) expect(await token(name, user)).toMatchObject({ __typename: 'OAuthToken' })
  expect(users.map(calls)).toEqual([1, 1, 1])
})

it('a disk that takes nothing loses no answer', async () => {
  const { name } = await crowd(['ada', 'bob'])
  const spool = path.join(shop.world.config.dataDirectory, 'spool')
  rmSync(spool, { recursive: true })
  writeFileSync(spool, 'no folder')
  try {
    await expire(name)
    for (const user of ['ada', 'bob']) expect(await token(name, user)).toMatchObject({ __typename: 'OAuthToken' })
    await expire(name)
    for (const user of ['ada', 'bob']) expect(await token(name, user)).toMatchObject({ __typename: 'OAuthToken' })
    expect(shop.world.log()).toContain('spool.disk')
  } finally {
    if (existsSync(spool)) rmSync(spool)
  }
})
