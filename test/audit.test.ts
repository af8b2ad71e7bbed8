/**
 * The audit log: what the server's own role may do to it, and what becomes of who changes it all the same. The long
 * form of the fuzzer: AUDIT=long.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AuthenticationKey, checkpointOf } from '../src/audit/chain.js'
import { Sealer } from '../src/audit/sealer.js'
import { type Finding, type Verified, verifyAuditLog } from '../src/audit/verify.js'
import { newUuid } from '../src/ids.js'
import { openOrm } from '../src/orm.js'
import { Keyring } from '../src/vault/key-wrapping.js'
import { Vault } from '../src/vault/vault.js'
import { auditEvents, createApiKey, importTokens, readToken } from './support/documents.js'
import { command, ServerProcess } from './support/process.js'
import { createWorld, encryptionKeys, freePort, newDatabase, post, type World } from './support/world.js'
import { emptyDatabase } from './upgrade/dump.js'

/** Tries of the fuzzer. */
const TRIES = process.env.AUDIT === 'long' ? 1_000 : 60
/** Servers that are killed. */
const KILLS = process.env.AUDIT === 'long' ? 10 : 2

const keys = [{ id: 'test', key: Buffer.from(encryptionKeys.replace('test:', ''), 'base64') }]

async function keyOf(orm: MikroORM): Promise<AuthenticationKey> {
  const vault = await Vault.open(orm, new Keyring(keys))
  return vault.authenticationKey.bind(vault)
}

type Database = Pick<pg.Pool, 'query'>

/** Verifies the log as `npm run audit:verify` does. */
async function verify(
  database: Database,
  key: AuthenticationKey,
  checkpoints: string[] = [],
): Promise<Verified & { findings: Finding[] }> {
  const findings: Finding[] = []
  const verified = await verifyAuditLog(database, key, checkpoints, (finding) => findings.push(finding))
  return { ...verified, findings }
}

/** Stores events as a server does, by their columns. @param at an expression of SQL for the time of event `i` */
async function insertEvents(database: Database, count: number, at = 'now() + make_interval(secs => i * 0.001)') {
  await database.query(
    `insert into audit_event (id, at, action, outcome, actor, connection, identifier, purpose, ip_address, details)
    select gen_random_uuid(), ${at}, 'token.read', 'SUCCEEDED', 'key_' || i % 7, 'conn-' || i % 3, 'user-' || i, null,
      '127.0.0.1', jsonb_build_object('request', gen_random_uuid()) from generate_series(1, $1) i`,
    [count],
  )
}

async function sealAll(world: World) {
  // Transactions of other databases on the same server count too, as they do in production: they are waited out.
  const { begun } = (await world.pool.query('select pg_snapshot_xmax(pg_current_snapshot())::text as begun')).rows[0]
  const ended = 'select pg_snapshot_xmin(pg_current_snapshot())::text'
  for (let looks = 0; looks < 100 && BigInt(await scalar<string>(world.pool, ended)) < BigInt(begun); looks++)
    await sleep(50)
  while (await world.app.services.sealer.once());
}

async function scalar<T>(database: Database, sql: string, values: unknown[] = []): Promise<T> {
  const { rows } = await database.query(sql, values)
  return Object.values(rows[0])[0] as T
}

/** Runs `act` in a session of the owner, who goes round the triggers. */
async function asOwner<T>(world: World, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: world.config.databaseUrl as string })
  await client.connect()
  try {
    await client.query('set session_replication_role = replica')
    return await act(client)
  } finally {
    await client.end()
  }
}

describe('the log is append-only [T46]', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ shipped: (key) => key === 'playground' })
    await insertEvents(world.pool, 10)
    await sealAll(world)
  })
  afterAll(() => world.close())

  const CHANGES = [
    "update audit_event set actor = 'nobody'",
    'delete from audit_event',
    'truncate audit_event',
    'update audit_batch set count = 0',
    'delete from audit_batch',
    'truncate audit_batch',
    "insert into audit_expiry select now(), 1, 1, 1, 1, now(), gen_random_uuid(), ''",
    'update audit_setting set keep_days = 1',
    'drop table audit_event',
    'alter table audit_event disable trigger all',
    'delete from audit_event_default',
  ]
  it.each(CHANGES)('the server cannot: %s', async (sql) => {
    const { pool } = await server(world)
    await expect(pool.query(sql)).rejects.toThrow(/permission denied|must be owner/)
  })

  it.each(CHANGES.slice(0, 6))('its owner cannot either without going round it: %s', async (sql) => {
    await expect(world.pool.query(sql)).rejects.toThrow('The audit log is append-only')
  })

  it('the server cannot end a month that has to be kept', async () => {
    const { pool } = await server(world)
    const month = await scalar<string>(pool, "select date_trunc('month', now() at time zone 'UTC')::date::text")
    await expect(
      pool.query("select audit_expire($1, 1, 1, 1, 10, now(), gen_random_uuid(), '')", [month]),
    ).rejects.toThrow('is kept for 400 days after its end')
  })

  it('/readyz?verbose says by what', async () => {
    expect(await (await fetch(`${world.url}/readyz?verbose`)).json()).toMatchObject({ auditGuard: 'set-role' })
  })

  /** The pool of the server itself. */
  async function server({ orm }: World): Promise<{ pool: pg.Pool }> {
    return {
      pool: await (orm.em.getConnection() as unknown as { getNativeClient(): Promise<pg.Pool> }).getNativeClient(),
    }
  }
})

describe('logins of the database', () => {
  const made: string[] = []
  let admin: pg.Client
  beforeAll(async () => {
    admin = new pg.Client({ connectionString: await newDatabase() })
    await admin.connect()
  })
  afterAll(async () => {
    await admin.end()
  })

  /** A database with nothing in it, that a new login owns who is no superuser. */
  async function ownedDatabase(rights: string) {
    const name = randomUUID().replaceAll('-', '').slice(0, 12)
    const [owner, login] = [`owner_${name}`, `login_${name}`]
    await admin.query(`create role ${owner} login ${rights}`)
    await admin.query(`create role ${login} login`)
    await admin.query(`grant ${login} to ${owner}`)
    made.push(owner, login)
    const url = await emptyDatabase()
    await admin.query(`alter database ${new URL(url.replace('@/', '@x/')).pathname.slice(1)} owner to ${owner}`)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(`alter schema public owner to ${owner}; drop schema if exists valetkey_jobs cascade`)
    await client.end()
    const as = (user: string) => url.replace('//valetkey@', `//${user}@`)
    return { owner: as(owner), login: as(login), url }
  }

  const environment = (databaseUrl: string) => ({
    DATABASE_URL: databaseUrl,
    VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
    VALETKEY_ADMIN_KEY: `audit-admin-${randomBytes(24).toString('hex')}`,
    VALETKEY_DATA: path.join('/tmp', `valetkey-test-${randomUUID()}`),
  })
  let running: ServerProcess | null = null
  afterEach(async () => {
    await running?.signal('SIGTERM')
    running = null
  })
  async function start(env: Record<string, string>) {
    running = new ServerProcess({ ...env, PORT: String(await freePort()) })
    await running.ready()
    return (await (await fetch(`${running.url}/readyz?verbose`)).json()) as { auditGuard: string }
  }

  it('an owner who may make no role serves all the same, and it is said; a login of its own takes over', async () => {
    const { owner, login } = await ownedDatabase('nocreaterole')
    const alone = environment(owner)
    expect(await start(alone)).toMatchObject({ auditGuard: 'none' })
    expect(running?.output).toContain('audit.not-append-only')
    await post(running?.url ?? '', importTokens, IMPORT, alone.VALETKEY_ADMIN_KEY)
    const client = new pg.Client({ connectionString: login })
    await client.connect()
    const jobs = () => scalar<number>(client, 'select count(*)::int from valetkey_jobs.schedule')
    const owned = new pg.Client({ connectionString: owner })
    await owned.connect()
    await expect.poll(() => scalar(owned, 'select count(*)::int from valetkey_jobs.schedule')).toBeGreaterThan(3)
    await owned.end()
    await running?.signal('SIGTERM')

    // Jobs have a schema that their login owns, with everything that the owner made in it.
    const both = { ...alone, DATABASE_URL: login, VALETKEY_MIGRATION_DATABASE_URL: owner }
    expect(await start(both)).toMatchObject({ auditGuard: 'own-login' })
    await client.query('delete from valetkey_jobs.schedule')
    await running?.signal('SIGTERM')
    expect(await start(both)).toMatchObject({ auditGuard: 'own-login' })
    await expect.poll(jobs).toBeGreaterThan(3)
    expect(running?.output).not.toMatch(/jobs\.(not-started|failed)|audit\.not-append-only/)
    await client.end()
  }, 120_000)

  it('a login of its own owns nothing, and the owner’s address is only for migrations [input 69]', async () => {
    const { owner, login } = await ownedDatabase('')
    const env = environment(login)
    const refused = new ServerProcess({ ...env, PORT: String(await freePort()) })
    expect(await refused.exited).toMatchObject({ code: 1 })
    await command('migrate', { ...env, VALETKEY_MIGRATION_DATABASE_URL: owner })
    expect(await start(env)).toMatchObject({ auditGuard: 'own-login' })
    await post(running?.url ?? '', importTokens, IMPORT, env.VALETKEY_ADMIN_KEY)
    await expect.poll(() => running?.output).toContain('audit.checkpoint')
    const client = new pg.Client({ connectionString: login })
    await client.connect()
    for (const sql of ['set role none', 'reset role']) {
      await client.query(sql)
      await expect(client.query('delete from audit_event')).rejects.toThrow('permission denied')
    }
    await expect.poll(() => scalar(client, 'select count(*)::int from valetkey_jobs.schedule')).toBeGreaterThan(3)
    await client.end()
  }, 120_000)
})

const IMPORT = { input: { connection: 'playground', identifier: 'ada', oauth2: { accessToken: 'a' } } }

describe('the chain', () => {
  let world: World
  let key: AuthenticationKey
  beforeAll(async () => {
    world = await createWorld({ shipped: (key) => key === 'playground' })
    key = await keyOf(world.orm)
  })
  afterAll(() => world.close())

  it('takes in what is done over the API, and is whole', async () => {
    await world.get(importTokens, IMPORT)
    for (let i = 0; i < 3; i += 1) await world.get(readToken, { connection: 'playground', identifier: 'ada' })
    expect(await verify(world.pool, key)).toMatchObject({ findings: [], batches: 0, events: 0 })
    await sealAll(world)
    const { findings, batches, events, waiting } = await verify(world.pool, key)
    expect({ findings, batches, waiting }).toEqual({ findings: [], batches: 1, waiting: 0 })
    expect(events).toBe(await scalar(world.pool, 'select count(*)::int from audit_event'))
  })

  it('goes to the log of the server, once a minute', async () => {
    await insertEvents(world.pool, 1)
    await sealAll(world)
    const lines = world
      .log()
      .split('\n')
      .filter((line) => line.includes('audit.checkpoint'))
    expect(lines).toHaveLength(1)
    const { checkpoint } = JSON.parse(lines[0] as string)
    expect((await verify(world.pool, key, [checkpoint])).findings).toEqual([])
  })

  it('waits for a transaction that commits late, and loses nothing of it', async () => {
    const late = new pg.Client({ connectionString: world.config.databaseUrl as string })
    await late.connect()
    await late.query('begin')
    await insertEvents(late, 3)
    await insertEvents(world.pool, 3)
    await sealAll(world)
    const sealed = await verify(world.pool, key)
    await late.query('commit')
    await late.end()
    await sealAll(world)
    const { findings, events, waiting } = await verify(world.pool, key)
    expect({ findings, waiting }).toEqual({ findings: [], waiting: 0 })
    expect(events).toBe(sealed.events + 6)
  })

  it('takes in what a version before it inserts, which knows no such column', async () => {
    const row = { at: new Date(), action: 'token.read', outcome: 'SUCCEEDED', actor: 'old', details: {} }
    await world.pool.query('insert into audit_event select * from json_populate_recordset(null::audit_event, $1)', [
      JSON.stringify([
        { id: newUuid(), ...row },
        { id: newUuid(), ...row },
      ]),
    ])
    await sealAll(world)
    expect(await verify(world.pool, key)).toMatchObject({ findings: [], waiting: 0 })
  })

  it('is one chain, however many replicas seal at once', async () => {
    const other = await openOrm(world.config.databaseUrl as string, 4)
    const warnings: string[] = []
    const sealers = Array.from(
      { length: 4 },
      () =>
        new Sealer(
          other.pool,
          key,
          () => {},
          (event) => warnings.push(event),
        ),
    )
    const before = (await verify(world.pool, key)).events
    for (const sealer of sealers) sealer.start()
    for (let i = 0; i < 20; i += 1) await insertEvents(world.pool, 150)
    await Promise.all(sealers.map((sealer) => sealer.stop()))
    await sealAll(world)
    const { findings, events } = await verify(world.pool, key)
    expect({ findings, events, warnings }).toEqual({ findings: [], events: before + 3000, warnings: [] })
    await other.orm.close(true)
  })

  it('goes on after a backup was restored into a database with younger transactions', async () => {
    await asOwner(world, (client) =>
      client.query(
        `insert into audit_event select gen_random_uuid(), now(), 'a.b', 'SUCCEEDED', 'x', null, null, null, null, '{}',
          max(tx) + 1000000 from audit_event`,
      ),
    )
    await world.pool.query('select audit_prepare()')
    await insertEvents(world.pool, 5)
    await sealAll(world)
    expect(await verify(world.pool, key)).toMatchObject({ findings: [], waiting: 0 })
    expect(await scalar(world.pool, 'select tx_offset > 1000000 from audit_setting')).toBe(true)
  })

  it('is not gone on with by a server that sees it cut', async () => {
    await insertEvents(world.pool, 5)
    await sealAll(world)
    await asOwner(world, (client) =>
      client.query('delete from audit_batch where number = (select max(number) from audit_batch)'),
    )
    await expect(world.app.services.sealer.once()).rejects.toThrow('The last batch is')
  })
})

describe('a fuzzer that edits, deletes, swaps and inserts rows as the owner of the database', () => {
  let world: World
  let key: AuthenticationKey
  let head: string
  beforeAll(async () => {
    world = await createWorld({ shipped: (key) => key === 'playground' })
    key = await keyOf(world.orm)
    // No two have the same time: it would make no difference to swap those.
    const start = await scalar<string>(world.pool, 'select now()::text')
    for (let batch = 0; batch < 12; batch += 1) {
      await insertEvents(world.pool, 15, `'${start}'::timestamptz + make_interval(secs => (${batch} * 15 + i) * 0.001)`)
      await sealAll(world)
    }
    const last = await world.pool.query(
      'select number::text, mac from audit_batch order by audit_batch.number desc limit 1',
    )
    head = checkpointOf(last.rows[0])
  })
  afterAll(() => world.close())

  const some = (table: string, of = '1') => `(select id from ${table} order by random() limit ${of})`
  const event = some('audit_event')
  const batch = '(select number from audit_batch order by random() limit 1)'
  /** Each is one statement, or more. */
  const EDITS: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries({
        action: "'token.denied'",
        outcome: "'FAILED'",
        actor: "actor || '0'",
        connection: 'null',
        identifier: "'eve'",
        purpose: "'none'",
        ip_address: 'null',
        details: 'details || \'{"x": 1}\'',
        at: "at + interval '1 millisecond'",
        id: 'gen_random_uuid()',
        tx: 'tx + 1',
      }).map(([column, value]) => [
        `an event's ${column}`,
        `update audit_event set ${column} = ${value} where id = ${event}`,
      ]),
    ),
    'an event moved by a month': `update audit_event set at = at + interval '1 month' where id = ${event}`,
    'an event moved by years': `update audit_event set at = at - interval '9 years' where id = ${event}`,
    'an event deleted': `delete from audit_event where id = ${event}`,
    'many deleted': `delete from audit_event where id in ${some('audit_event', '40')}`,
    'all deleted': 'delete from audit_event',
    'two events swapped': `with two as materialized (select id, details, row_number() over () as n from audit_event
        where id in ${some('audit_event', '2')}),
        swapped as (select a.id, b.details from two a join two b on a.n <> b.n)
      update audit_event set details = swapped.details from swapped where swapped.id = audit_event.id`,
    'the times of two swapped': `with two as materialized (select id, at, row_number() over () as n from audit_event
        where id in ${some('audit_event', '2')}), swapped as (select a.id, b.at from two a join two b on a.n <> b.n)
      update audit_event set at = swapped.at from swapped where swapped.id = audit_event.id`,
    'an event copied, with another id': `insert into audit_event select gen_random_uuid(), at, action, outcome, actor,
      connection, identifier, purpose, ip_address, details, tx from audit_event where id = ${event}`,
    'an event copied to another month': `insert into audit_event
      select id, at + interval '1 month', action, outcome, actor,
      connection, identifier, purpose, ip_address, details, tx from audit_event where id = ${event}`,
    'an event added for a time before': `insert into audit_event
      select gen_random_uuid(), at - interval '5 minutes', 'token.read', outcome, actor,
      connection, 'mallory', null, null, '{}' from audit_event where id = ${event}`,
    'an event exchanged': `with old as (delete from audit_event where id = ${event} returning *)
      insert into audit_event
      select id, at, action, outcome, 'key_x', connection, identifier, purpose, ip_address, details, tx
      from old`,
    'a batch deleted': `delete from audit_batch where number = ${batch}`,
    'the last batches deleted': `delete from audit_batch where number >= ${batch}`,
    'all batches deleted': 'delete from audit_batch',
    'the end deleted, with its events': `with cut as (delete from audit_batch where number >= ${batch} returning events)
      delete from audit_event where id in (select unnest(events) from cut)`,
    'everything deleted': 'delete from audit_batch; delete from audit_event',
    'a batch without its events': `update audit_batch set events = '{}', digests = '' where number = ${batch}`,
    'a batch and its events gone, as if expired': `with gone as materialized (
          select number, events from audit_batch where number = ${batch}),
        stub as (update audit_batch set events = '{}', digests = '' where number in (select number from gone))
      delete from audit_event where id in (select unnest(events) from gone)`,
    'a month as if expired, with a note': `insert into audit_expiry
      select month, min(number), max(number), count(*), sum(count), now(),
        min(key_id::text)::uuid, '\\x00' from audit_batch group by month;
      update audit_batch set events = '{}', digests = ''; delete from audit_event`,
    'the order of events in a batch': `update audit_batch set events = (select array_agg(id order by n desc)
      from unnest(events) with ordinality as o (id, n)) where number = ${batch}`,
    'two batches swapped': `with two as materialized (select number, events, digests, content, mac,
          row_number() over () as n from (select * from audit_batch order by random() limit 2) as picked),
        swapped as (select a.number, b.events, b.digests, b.content, b.mac from two a join two b on a.n <> b.n)
      update audit_batch
      set events = swapped.events, digests = swapped.digests, content = swapped.content, mac = swapped.mac
      from swapped where swapped.number = audit_batch.number`,
    ...Object.fromEntries(
      Object.entries({
        count: 'count + 1',
        month: "month + interval '1 month'",
        last_tx: 'last_tx + 1',
        last_at: "last_at + interval '1 s'",
        last_id: 'gen_random_uuid()',
        through: "through - interval '1 s'",
        sealed_at: "sealed_at - interval '1 h'",
        content: 'sha256(content)',
        digests: 'substr(digests, 2)',
        mac: 'sha256(mac)',
        format: '2',
        key_id: 'gen_random_uuid()',
      }).map(([column, value]) => [
        `a batch's ${column}`,
        `update audit_batch set ${column} = ${value} where number = ${batch}`,
      ]),
    ),
  }

  it(`is found out, ${TRIES} times of ${TRIES} [T46]`, async () => {
    const found = new Map<string, number>()
    const missed: string[] = []
    await asOwner(world, async (client) => {
      expect((await verify(client, key, [head])).findings).toEqual([])
      const names = Object.keys(EDITS)
      for (let i = 0; i < TRIES; i += 1) {
        const name = names[i % names.length] as string
        await client.query('begin')
        await client.query(EDITS[name] as string)
        const { findings } = await verify(client, key, [head])
        if (findings.length === 0) missed.push(name)
        else found.set(name, (found.get(name) ?? 0) + 1)
        await client.query('rollback')
      }
      expect((await verify(client, key, [head])).findings).toEqual([])
    })
    expect(missed).toEqual([])
    expect([...found.values()].reduce((sum, count) => sum + count, 0)).toBe(TRIES)
  }, 600_000)

  it('is named: which event, and what became of it', async () => {
    await asOwner(world, async (client) => {
      for (const [what, sql] of [
        ['changed', "update audit_event set actor = 'x' where id = $1"],
        ['removed', 'delete from audit_event where id = $1'],
      ] as const) {
        const id = await scalar<string>(client, 'select id from audit_event order by random() limit 1')
        await client.query('begin')
        await client.query(sql, [id])
        const { findings } = await verify(client, key)
        expect(findings).toEqual([expect.objectContaining({ what, event: id })])
        await client.query('rollback')
      }
    })
  })

  it('is found out too where an event is added for a time before, and the server seals it', async () => {
    await asOwner(world, async (client) => {
      const look = async () => (await verify(client, key)).findings
      const sealed = await createWorld({ shipped: (key) => key === 'playground' })
      await insertEvents(sealed.pool, 3)
      await sealAll(sealed)
      await insertEvents(sealed.pool, 1, "now() - interval '20 minutes'")
      await sealAll(sealed)
      const other = await keyOf(sealed.orm)
      expect((await verify(sealed.pool, other)).findings).toEqual([expect.objectContaining({ what: 'backdated' })])
      await sealed.close()
      expect(await look()).toEqual([])
    })
  })
})

describe('retention', () => {
  const worlds: World[] = []
  afterAll(() => Promise.all(worlds.map((world) => world.close())))

  /** A world that keeps 30 days, with events of three months of 2024 and of this one, all sealed. */
  async function keptForAMonth() {
    const world = await createWorld({
      shipped: (key) => key === 'playground',
      env: { VALETKEY_RETENTION_AUDIT_DAYS: '30' },
    })
    worlds.push(world)
    const { pool } = world
    await pool.query('update audit_setting set keep_days = 30')
    // One has a partition of its own, as months have; the others are in that of rows that belong to none.
    await pool.query(`create table audit_event_202401 partition of audit_event (primary key (id))
      for values from ('2024-01-01Z') to ('2024-02-01Z')`)
    const of = (time: string) => `'${time}'::timestamptz + make_interval(secs => i)`
    await insertEvents(pool, 1500, of('2024-01-31T23:00:00Z'))
    await insertEvents(pool, 20, of('2024-03-05T12:00:00Z'))
    await insertEvents(pool, 5, of('2024-05-05T12:00:00Z'))
    await insertEvents(pool, 30)
    await sealAll(world)
    const count = () => scalar<number>(pool, 'select count(*)::int from audit_event')
    const run = () => world.app.services.retention.run(new AbortController().signal)
    return { world, pool, key: await keyOf(world.orm), of, count, run, kept: (await count()) - 1525 }
  }

  it('ends months that are over for long enough, and the chain stays whole', async () => {
    const { world, pool, key, of, count, run, kept } = await keptForAMonth()
    const { head, batches, findings } = await verify(pool, key)
    expect(findings).toEqual([])
    await run()
    expect(await count()).toBe(kept)
    expect(await scalar(pool, "select to_regclass('audit_event_202401') is null")).toBe(true)
    const after = await verify(pool, key, [head as string])
    expect(after).toMatchObject({ findings: [], expired: 1525, events: kept, batches, head })
    // Rows of such a month that come late are ended by the next run.
    await insertEvents(pool, 5, of('2024-03-06T12:00:00Z'))
    await sealAll(world)
    await run()
    expect(await count()).toBe(kept)
    expect(await verify(pool, key, [head as string])).toMatchObject({ findings: [], expired: 1530 })
  })

  it('keeps a month whose events are not those that were sealed', async () => {
    const { world, pool, key, count, run, kept } = await keptForAMonth()
    await asOwner(world, (client) =>
      client.query(
        `delete from audit_event where id = (
          select id from audit_event where at between '2024-05-01Z' and '2024-06-01Z' limit 1)`,
      ),
    )
    await run()
    expect(await count()).toBe(kept + 4)
    expect(world.log()).toContain('audit.expiry-refused')
    expect((await verify(pool, key)).findings.map(({ what }) => what)).toEqual(['removed'])
  })

  it('makes the months ahead', async () => {
    const { pool, run } = await keptForAMonth()
    await run()
    const ahead = `select count(*)::int from pg_inherits where inhparent = 'audit_event'::regclass
      and inhrelid::regclass::text
        between 'audit_event_' || to_char(now() at time zone 'UTC', 'YYYYMM') and 'audit_event_9'`
    expect(await scalar(pool, ahead)).toBe(4)
  })
})

describe('a server that is killed', () => {
  it('leaves a chain that the next one goes on with, and npm run audit:verify finds whole', async () => {
    const env = {
      DATABASE_URL: await newDatabase(),
      VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
      VALETKEY_ADMIN_KEY: `audit-admin-${randomBytes(24).toString('hex')}`,
      VALETKEY_DATA: path.join('/tmp', `valetkey-test-${randomUUID()}`),
    }
    const database = new pg.Pool({ connectionString: env.DATABASE_URL, max: 1 })
    let log = ''
    for (let round = 0; round < KILLS; round += 1) {
      const server = await new ServerProcess({ ...env, PORT: String(await freePort()) }).ready()
      if (round === 0) await post(server.url, importTokens, IMPORT, env.VALETKEY_ADMIN_KEY)
      const before = await scalar<number>(database, 'select coalesce(max(number), 0)::int from audit_batch')
      let reading = true
      const readers = Array.from({ length: 4 }, async () => {
        while (reading)
          await post(
            server.url,
            readToken,
            { connection: 'playground', identifier: 'ada' },
            env.VALETKEY_ADMIN_KEY,
          ).catch(() => {})
      })
      await expect
        .poll(() => scalar<number>(database, 'select coalesce(max(number), 0)::int from audit_batch'))
        .toBeGreaterThan(before + 1)
      await server.signal('SIGKILL')
      reading = false
      await Promise.all(readers)
      log += server.output
    }
    // A last one seals what the others left.
    const last = await new ServerProcess({ ...env, PORT: String(await freePort()) }).ready()
    const unsealed = `select (select count(*) from audit_event) - (select sum(count) from audit_batch) as unsealed`
    await expect.poll(() => scalar<string>(database, unsealed)).toBe('0')
    await last.signal('SIGTERM')
    await database.end()
    const checkpoints = [...log.matchAll(/"checkpoint":"([^"]+)"/g)].flatMap(([, one = '']) => ['--from', one])
    expect(checkpoints.length).toBeGreaterThanOrEqual(2)
    const command = await auditVerify(env, checkpoints)
    expect(command).toMatchObject({ code: 0, last: { findings: 0, waiting: 0, checkpoints: checkpoints.length / 2 } })
    expect(command.last.events).toBeGreaterThan(20)
    expect(await auditVerify(env, ['--from', '99999:abc'])).toMatchObject({ code: 1, last: { findings: 1 } })
  }, 120_000)

  async function auditVerify(env: Record<string, string>, args: string[]) {
    const { code, output } = await command('audit-verify', env, args)
    return { code, last: JSON.parse(output.trim().split('\n').at(-1) ?? '') as { findings: number; events: number } }
  }
})

describe('the export', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ shipped: (key) => key === 'playground' })
    await insertEvents(world.pool, 1200)
  })
  afterAll(() => world.close())

  async function exported(query: Record<string, string> = {}, key = world.adminKey) {
    const response = await fetch(`${world.url}/audit/export?${new URLSearchParams(query)}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const { cursor, ...end } = lines.pop()
    expect(end).toEqual({ end: true })
    return { events: lines, cursor: cursor as string }
  }

  it('is whole, in the order of storing, and each line is as the API shows it', async () => {
    const { events } = await exported()
    const ids = new Set(events.map(({ id }) => id))
    expect(ids.size).toBe(await scalar(world.pool, 'select count(*)::int from audit_event'))
    const { auditEvents: page } = await world.get(auditEvents, { first: 200 })
    for (const item of page.items) {
      const { cursor: _, ...line } = events.find(({ id }) => id === item.id)
      expect(line).toEqual(item)
    }
  })

  it('goes on from the last cursor, and from any line, and misses nothing that commits late', async () => {
    const all = await exported()
    const half = await exported({ after: all.events[599].cursor })
    expect(half.events).toEqual(all.events.slice(600))
    expect(half.cursor).toBe(all.cursor)
    expect(await exported({ after: all.cursor })).toEqual({ events: [], cursor: all.cursor })

    const late = new pg.Client({ connectionString: world.config.databaseUrl as string })
    await late.connect()
    await late.query('begin')
    await insertEvents(late, 2)
    await insertEvents(world.pool, 2)
    const during = await exported({ after: all.cursor })
    await late.query('commit')
    await late.end()
    const rest = await exported({ after: during.cursor })
    expect(during.events.length + rest.events.length).toBe(4)
  })

  it('is of a span of time, where one is asked for', async () => {
    const { events } = await exported()
    const times = events.map(({ at }) => at).sort()
    const [since, until] = [times[300], times[900]]
    const span = await exported({ since, until })
    expect(span.events.map(({ id }) => id).sort()).toEqual(
      events
        .filter(({ at }) => at >= since && at < until)
        .map(({ id }) => id)
        .sort(),
    )
  })

  it('is bound as its caller is', async () => {
    const { createApiKey: bound } = await world.get(createApiKey, {
      input: { name: 'bound', permissions: ['AUDIT_READ'], identifiers: ['user-1*'] },
    })
    const { events } = await exported({}, bound.secret)
    expect(events.length).toBeGreaterThan(100)
    expect(events.every(({ identifier }) => identifier?.startsWith('user-1'))).toBe(true)
  })

  it('is for callers who may read the log, and says what is wrong with a question', async () => {
    const { createApiKey: other } = await world.get(createApiKey, {
      input: { name: 'other', permissions: ['TOKENS_READ'] },
    })
    const status = async (query: string, key?: string) => {
      const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
      const response = await fetch(`${world.url}/audit/export${query}`, { headers })
      const body = (await response.json()) as { errors: { extensions: { code: string } }[] }
      return [response.status, body.errors[0]?.extensions.code]
    }
    expect(await status('')).toEqual([401, 'UNAUTHENTICATED'])
    expect(await status('', other.secret)).toEqual([403, 'FORBIDDEN'])
    for (const query of ['?after=x', '?since=yesterday', '?until=2026-99-99', '?after=a&after=b'])
      expect([query, ...(await status(query, world.adminKey))]).toEqual([query, 400, 'BAD_USER_INPUT'])
    const { auditEvents: events } = await world.get(auditEvents, { filter: { action: 'operation.denied' }, first: 1 })
    expect(events.items[0]).toMatchObject({ actor: other.apiKey.id, details: { field: 'GET /audit/export' } })
  })
})
