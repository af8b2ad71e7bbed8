/** Leases and answers of servers that are gone, or are not heard from: who may send a used token again, and when. */
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { keyringOf } from '../../src/command.js'
import { seal } from '../../src/refresh/answers.js'
import { ownerIn } from '../../src/refresh/owner.js'
import { Vault } from '../../src/vault/vault.js'
import { createConnection, importTokens, readToken } from '../support/documents.js'
import { OddProvider, type OddRequest } from '../support/odd-provider.js'
import { createWorld, newDatabase, type World } from '../support/world.js'

let provider: OddProvider
let world: World
let other: World
let vault: Vault
let accounts = 0
let account: { connection: string; identifier: string }
let id: string

beforeAll(async () => {
  provider = await OddProvider.open()
  const databaseUrl = await newDatabase()
  const connectors = [
    provider.definition('strict', { method: { refresh: { rotation: 'rotates' } } }),
    provider.definition('graceful', { method: { refresh: { rotation: 'rotates', reuseGraceSeconds: 4 } } }),
  ]
  const open = () =>
    createWorld({
      databaseUrl,
      connectors,
      shipped: () => false,
      env: { VALETKEY_ALLOW_PRIVATE_NETWORK: 'on', VALETKEY_PLAYGROUND: 'off' },
    })
  world = await open()
  other = await open()
  vault = await Vault.open(world.orm, keyringOf(world.config))
  // Right after PostgreSQL's start no lease lapses: its servers could not extend theirs.
  await world.pool.query(
    `select pg_sleep(greatest(0, extract(epoch from pg_postmaster_start_time() + interval '11 s' - now())))`,
  )
})
afterAll(async () => {
  await world.close()
  await other.close()
  provider.close()
})

/** A connection of its own for each test: what earlier ones left unsettled is none of its business. */
async function connect(connector: string): Promise<string> {
  const fields = [
    { key: 'client_id', value: 'app' },
    { key: 'client_secret', value: 'the-secret-of-the-app' },
  ]
  const name = `${connector}-${accounts}`
  await world.get(createConnection, { input: { connector, name, fields } })
  return name
}

/** An account whose token has run out, at a provider that renews. */
beforeEach(async () => {
  accounts += 1
  account = { connection: await connect('strict'), identifier: `user-${accounts}` }
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  const oauth2 = { accessToken: 'a-1', refreshToken: own('r-1'), expiresAt }
  await world.get(importTokens, { input: { ...account, oauth2 } })
  const { rows } = await world.pool.query('select id from connected_account where identifier = $1', [
    account.identifier,
  ])
  id = rows[0].id
  await expire()
  provider.requests.length = 0
  provider.answers['/token'] = () => ({
    body: { access_token: 'a-2', refresh_token: own('r-2'), token_type: 'Bearer', expires_in: 3600 },
  })
})

/** A refresh token of this test's account: of earlier ones the server may still be settling something. */
const own = (token: string) => `${accounts}/${token}`
const isOwn = ({ form }: OddRequest) => String(form.refresh_token).startsWith(own(''))
/** The refresh tokens that were sent for this test's account. */
const refreshTokens = () =>
  provider
    .requestsTo('/token')
    .filter(isOwn)
    .map(({ form }) => form.refresh_token?.slice(own('').length))
const sent = () => refreshTokens().length

const expire = () =>
  world.pool.query("update credential set expires_at = now() - interval '1 second' where account_id = $1", [id])

const token = async (of: World) => (await of.get(readToken, account)).connectedAccount?.token

/** A lease with a request that was sent under it. */
const lease = (owner: string, until: string, sentAt: string, doubted = false) =>
  world.pool.query(
    `insert into refresh_lease (account_id, owner, until, fence, in_flight, takeover, sent_at, doubted)
     values ($1, $2, now() + $3::interval, 1, true, false, now() + $4::interval, $5)
     on conflict (account_id) do update
     set owner = excluded.owner, until = excluded.until, in_flight = true, sent_at = excluded.sent_at,
       doubted = excluded.doubted`,
    [id, owner, until, sentAt, doubted],
  )

const somebody = '00000000-0000-4000-8000-000000000000'

it('a server that is not heard from has ten minutes to come back with the answer', async () => {
  await lease(somebody, '-10 seconds', '-70 seconds')
  expect(await token(world)).toMatchObject({
    __typename: 'ProviderUnavailable',
    reason: expect.stringContaining('has ten minutes to come back'),
  })
  expect(sent()).toBe(0)
  await lease(somebody, '-9 minutes', '-601 seconds')
  expect(await token(world)).toMatchObject({ __typename: 'OAuthToken', accessToken: 'a-2' })
})

it('those who wait for another server keep nobody of their connection waiting', async () => {
  const waiting = []
  for (let i = 0; i < 30; i++) {
    const one = { connection: account.connection, identifier: `waits-${i}` }
    const oauth2 = { accessToken: 'a-1', refreshToken: `w-${i}`, expiresAt: new Date(Date.now() - 1000).toISOString() }
    await world.get(importTokens, { input: { ...one, oauth2 } })
    await world.pool.query(
      `insert into refresh_lease (account_id, owner, until, fence, in_flight, takeover, sent_at)
       select id, $1, now() + interval '12 seconds', 1, true, false, now()
       from connected_account where identifier = $2`,
      [somebody, one.identifier],
    )
    waiting.push(world.ask(readToken, one).then(() => false))
  }
  const served = token(world).then((answer) => answer?.__typename)
  expect(await Promise.race([served, ...waiting])).toBe('OAuthToken')
  await world.pool.query('delete from refresh_lease where owner = $1', [somebody])
  await Promise.all(waiting)
})

it('a doubted token is tried, although the refresh before it has no outcome', async () => {
  await world.pool.query("update credential set expires_at = now() + interval '1 hour' where account_id = $1", [id])
  await lease(somebody, '-10 seconds', '-70 seconds', true)
  expect(await token(world)).toMatchObject({ __typename: 'OAuthToken', accessToken: 'a-2' })
  expect(sent()).toBe(1)
})

it('a start stores the answers of the process before it, and ends its leases then', async () => {
  await lease(world.owner, '50 seconds', '-1 seconds')
  const body = JSON.stringify({ access_token: 'a-kept', refresh_token: 'r-kept', expires_in: 3600 })
  const claim = { version: 1, fence: 1 }
  const arrived = { answer: { status: 200, headers: {}, body }, sentAt: new Date() }
  await world.pool.query(
    `insert into refresh_answer (account_id, version, fence, sealed, created_at) values ($1, 1, 1, $2, now())`,
    [id, seal(arrived, id, claim, vault)],
  )
  // Another server waits for the lease to end.
  const waiting = token(other)
  await world.app.services.sweep.start()
  expect(await waiting).toMatchObject({ __typename: 'OAuthToken', accessToken: 'a-kept' })
  expect(sent()).toBe(0)
})

/** An answer to the refresh of version 1 that was not stored: of another server, or too late. */
const keptAnswer = (fence: number, n: number) => {
  const body = JSON.stringify({ access_token: `a-${n}`, refresh_token: own(`r-${n}`), expires_in: 3600 })
  const arrived = { answer: { status: 200, headers: {}, body }, sentAt: new Date() }
  return world.pool.query(
    `insert into refresh_answer (account_id, version, fence, sealed, created_at)
     values ($1, 1, $2, $3, now() - interval '1 minute')`,
    [id, fence, seal(arrived, id, { version: 1, fence }, vault)],
  )
}

/** A provider that takes only this refresh token, and gives the next one for it. */
const takesOnly = (n: number) => {
  provider.answers['/token'] = ({ form }) =>
    form.refresh_token === own(`r-${n}`)
      ? { body: { access_token: `a-${n + 1}`, refresh_token: own(`r-${n + 1}`), expires_in: 3600 } }
      : { status: 400, body: { error: 'invalid_grant' } }
}

it('a stored token that is doubted and refused gives way to the other answer that was kept', async () => {
  expect(await token(world)).toMatchObject({ accessToken: 'a-2' })
  await keptAnswer(9, 3)
  await world.pool.query('update refresh_lease set doubted = true where account_id = $1', [id])
  takesOnly(3)
  await expire()
  await expect.poll(() => token(world)).toMatchObject({ __typename: 'OAuthToken', accessToken: 'a-4' })
  expect(refreshTokens()).toEqual(['r-1', 'r-2', 'r-3'])
})

it('two answers to one refresh: the stored one is tried, though its access token has an hour', async () => {
  expect(await token(world)).toMatchObject({ accessToken: 'a-2' })
  await keptAnswer(9, 3)
  takesOnly(3)
  await world.app.services.sweep.once()
  await expect.poll(() => token(world)).toMatchObject({ __typename: 'OAuthToken', accessToken: 'a-4' })
  expect(refreshTokens()).toEqual(['r-1', 'r-2', 'r-3'])
})

it('a used token that is refused late may have ended what is stored: that is tried', async () => {
  const { promise: released, resolve: refuse } = Promise.withResolvers<void>()
  const renews = provider.answers['/token'] as OddProvider['answers'][string]
  provider.answers['/token'] = async () => {
    await released
    return { status: 400, body: { error: 'invalid_grant' } }
  }
  const late = token(world)
  await expect.poll(sent).toBe(1)
  await lease(world.owner, '-9 minutes', '-601 seconds')
  provider.answers['/token'] = renews
  expect(await token(other)).toMatchObject({ accessToken: 'a-2' })
  takesOnly(0)
  refuse()
  await late
  await expect.poll(() => token(other)).toMatchObject({ __typename: 'AuthorizationRequired' })
  expect(refreshTokens().slice(0, 3)).toEqual(['r-1', 'r-1', 'r-2'])
})

it('an answer that comes after another server sent the same token is tried before it counts', async () => {
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const renews = provider.answers['/token'] as OddProvider['answers'][string]
  provider.answers['/token'] = async (request) => {
    if (sent() > 2 || !isOwn(request)) return { status: 400, body: { error: 'invalid_grant' } }
    const isFirst = sent() === 1
    await (isFirst ? first : second).promise
    return isFirst ? renews(request) : { status: 503, body: '' }
  }
  const late = token(world)
  await expect.poll(sent).toBe(1)
  await lease(world.owner, '-9 minutes', '-601 seconds')
  const later = token(other)
  await expect.poll(sent).toBe(2)
  first.resolve()
  const version = async () =>
    (await world.pool.query('select version from credential where account_id = $1', [id])).rows[0].version
  await expect.poll(version).toBe(2)
  second.resolve()
  // At once, not when the second one's lease lapses.
  await expect.poll(() => refreshTokens().slice(0, 3), { timeout: 5_000 }).toEqual(['r-1', 'r-1', 'r-2'])
  await Promise.all([late, later])
})

it('an answer has a second copy in the database while its account is locked', async () => {
  const client = await world.pool.connect()
  const renews = provider.answers['/token'] as OddProvider['answers'][string]
  provider.answers['/token'] = async (request) => {
    if (!isOwn(request)) return { status: 503, body: '' }
    await client.query('begin')
    await client.query('select from connected_account where id = $1 for update', [id])
    return renews(request)
  }
  const asked = token(world)
  const copies = async () =>
    (await world.pool.query('select count(*)::int as count from refresh_answer where account_id = $1', [id])).rows[0]
      .count
  await expect.poll(copies).toBe(1)
  await client.query('commit')
  client.release()
  expect(await asked).toMatchObject({ accessToken: 'a-2' })
  await expect.poll(copies).toBe(0)
})

it('the first process in a folder has a name that the next one goes on with', async () => {
  const folder = path.join(world.config.dataDirectory, 'not-there-yet')
  const first = await ownerIn(folder, world.config.databaseUrl as string)
  await first.close()
  const next = await ownerIn(folder, world.config.databaseUrl as string)
  await next.close()
  expect(next.id).toBe(first.id)
})

it('a process that is cut off from the database keeps its name for as long as it lives', async () => {
  const folder = path.join(world.config.dataDirectory, 'shared')
  const url = world.config.databaseUrl as string
  const first = await ownerIn(folder, url)
  const cut = () =>
    world.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'valetkey owner'")
  await cut()
  const beside = await ownerIn(folder, url)
  expect(beside.id).not.toBe(first.id)
  // It has its lock again, too.
  await expect
    .poll(async () => {
      const { rows } = await world.pool.query(
        "select pg_try_advisory_xact_lock(hashtextextended('valetkey.owner ' || $1, 0)) as free",
        [first.id],
      )
      return rows[0].free
    })
    .toBe(false)
  await first.close()
  const next = await ownerIn(folder, url)
  expect(next.id).toBe(first.id)
  await next.close()
  await beside.close()
})

it('a lease whose claim was never confirmed to its server is given up', async () => {
  await world.app.services.sweep.once()
  await lease(world.owner, '25 seconds', '-35 seconds')
  await world.app.services.sweep.once()
  expect(await token(other)).toMatchObject({ __typename: 'OAuthToken', accessToken: 'a-2' })
})

it('an answer that neither table took is stored by the same process, when one does', async () => {
  await world.pool.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise sqlstate '22000'; end $$;
    create trigger refuse before update on credential for each row execute function refuse();
    create trigger refuse before insert on refresh_answer for each row execute function refuse()`)
  await world.ask(readToken, account)
  await world.pool.query('drop function refuse cascade')
  await world.app.services.sweep.once()
  expect(await token(world)).toMatchObject({ __typename: 'OAuthToken', accessToken: 'a-2' })
  expect(sent()).toBe(1)
})

it('the space for an answer is taken on the disk before the request is sent', async () => {
  let space = 0
  provider.answers['/token'] = () => {
    const folder = path.join(world.config.dataDirectory, 'spool')
    space = Math.max(...readdirSync(folder).map((name) => statSync(path.join(folder, name)).size))
    return { body: { access_token: 'a-2', refresh_token: 'r-2', expires_in: 3600 } }
  }
  await token(world)
  expect(space).toBeGreaterThanOrEqual(32 * 1024)
})

/** Holds the row of an account, as a session that hangs does. @returns what lets it go */
async function locked(identifier = account.identifier) {
  const client = await world.pool.connect()
  await client.query('begin')
  await client.query(
    `select from connected_account account join credential on credential.account_id = account.id
     where account.identifier = $1 for update`,
    [identifier],
  )
  return async () => {
    await client.query('rollback')
    client.release()
  }
}

it('an answer whose row somebody has locked keeps no other answer waiting, nor a start', async () => {
  await keptAnswer(1, 3)
  const release = await locked()
  const others: string[] = []
  for (let i = 0; i < 3; i++) {
    const other = { connection: account.connection, identifier: `beside-${i}` }
    const oauth2 = { accessToken: 'a-1', refreshToken: `b-${i}`, expiresAt: new Date(Date.now() + 9e5).toISOString() }
    await world.get(importTokens, { input: { ...other, oauth2 } })
    const { rows } = await world.pool.query('select id from connected_account where identifier = $1', [
      other.identifier,
    ])
    id = rows[0].id
    await keptAnswer(1, 5)
    others.push(other.identifier)
  }
  const began = world.app.services.sweep.start()
  const stored = async (identifiers: string[]) => {
    const { rows } = await world.pool.query(
      `select count(*)::int as count from credential join connected_account a on a.id = account_id
       where a.identifier = any($1) and version = 2`,
      [identifiers],
    )
    return rows[0].count
  }
  await expect.poll(() => stored(others)).toBe(3)
  await began
  expect(await stored([account.identifier])).toBe(0)
  await release()
  await expect.poll(() => stored([account.identifier]), { timeout: 15_000 }).toBe(1)
})

it('rows that are locked while their answers come keep nobody of their connection waiting', async () => {
  const releases: (() => Promise<void>)[] = []
  const asked: Promise<unknown>[] = []
  const renews = provider.answers['/token'] as OddProvider['answers'][string]
  provider.answers['/token'] = async (request) => {
    const [, i] = /^locked-(\d+)$/.exec(request.form.refresh_token ?? '') ?? []
    if (i !== undefined && releases.length < 2) releases.push(await locked(`locked-${i}`))
    return renews(request)
  }
  for (let i = 0; i < 2; i++) {
    const one = { connection: account.connection, identifier: `locked-${i}` }
    const oauth2 = { accessToken: 'a-1', refreshToken: `locked-${i}`, expiresAt: new Date(0).toISOString() }
    await world.get(importTokens, { input: { ...one, oauth2 } })
    asked.push(world.ask(readToken, one))
  }
  await expect.poll(() => releases.length).toBe(2)
  const slots = async () =>
    (await world.pool.query('select count(*)::int as count from refresh_slot where holder is not null')).rows[0].count
  await expect.poll(slots).toBe(0)
  expect(await token(world)).toMatchObject({ accessToken: 'a-2' })
  for (const release of releases) await release()
  await Promise.all(asked)
})

it('a server that stood still until the grace was over does not send under its old claim', async () => {
  const one = { connection: await connect('graceful'), identifier: `still-${accounts}` }
  const oauth2 = { accessToken: 'a-1', refreshToken: own('r-1'), expiresAt: new Date(0).toISOString() }
  await world.get(importTokens, { input: { ...one, oauth2 } })
  const client = await world.pool.connect()
  // What a refresh reads between its claim and its request.
  await client.query('begin; lock table connection_secret in access exclusive mode')
  const asked = world.ask(readToken, one)
  const fence = async () =>
    (
      await world.pool.query(
        `select fence from refresh_lease join connected_account a on a.id = account_id where a.identifier = $1`,
        [one.identifier],
      )
    ).rows[0]?.fence
  await expect.poll(fence).toBe(1)
  await sleep(3_500)
  await client.query('rollback')
  client.release()
  await asked
  expect([await fence(), sent()]).toEqual([2, 1])
})
