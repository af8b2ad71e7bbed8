/**
 * Another data key takes over while the server runs: what the one before sealed is sealed anew, and is readable all
 * the time on every process. `npm run vault` starts it, tells how far it is, and retires what nothing needs any more.
 */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_TOKENS } from '../src/oauth/token-endpoint/token-set.js'
import { SEALED_TABLES } from '../src/orm.js'
import { PLAYGROUND_CLIENT } from '../src/playground/client.js'
import { seal } from '../src/refresh/answers.js'
import { Keyring, UnknownKey } from '../src/vault/key-wrapping.js'
import {
  createConnection,
  importTokens,
  readToken,
  startAuthorization,
  verifyAuthorization,
} from './support/documents.js'
import { command } from './support/process.js'
import { Visitor } from './support/visitor.js'
import { createWorld, encryptionKeys, newDatabase, type World } from './support/world.js'

interface DataKeyLine {
  id: string
  state: string
  values: Record<string, number>
}

/** Runs `npm run vault`. @returns its exit code, and what it printed: lines of JSON, or a sentence */
async function vault({ config }: World, ...args: string[]) {
  const { code, output } = await command(
    'vault-command',
    {
      DATABASE_URL: config.databaseUrl as string,
      VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
      VALETKEY_DATA: config.dataDirectory,
    },
    args,
  )
  const lines = output.startsWith('{')
    ? output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []
  return { code, output, lines }
}
const listed = async (world: World) => (await vault(world)).lines as DataKeyLine[]
const sum = (values: Record<string, number> | undefined) => Object.values(values ?? {}).reduce((a, b) => a + b, 0)

describe('a new data key', () => {
  let worlds: [World, World]
  let before: DataKeyLine
  let link: { visitor: Visitor; callback: string }
  let authorization: string
  let choice: string
  beforeAll(async () => {
    const databaseUrl = await newDatabase()
    const open = () => createWorld({ databaseUrl, shipped: (key) => key === 'playground', env: { LOG_LEVEL: 'info' } })
    worlds = [await open(), await open()]
    const [world] = worlds
    for (const { app } of worlds) {
      app.services.resealing.start()
      app.services.sealer.start()
    }
    await world.get(createConnection, {
      input: {
        connector: 'playground',
        name: 'asked',
        userVerification: 'APPLICATION',
        fields: [
          { key: 'client_id', value: PLAYGROUND_CLIENT.id },
          { key: 'client_secret', value: PLAYGROUND_CLIENT.secret },
        ],
      },
    })
    for (let i = 0; i < 120; i++)
      await world.get(importTokens, {
        input: {
          connection: 'playground',
          identifier: `user-${i}`,
          oauth2: { accessToken: `access-${i}`, refreshToken: `refresh-${i}` },
        },
      })
    // A user at the provider, one whom the application has to confirm, one who chooses, and an answer that waits.
    link = await under('playground', 'ada')
    const { callback, visitor } = await under('asked', 'eve', { verifyUrl: 'http://localhost:1/verify' })
    const end = await visitor.open(callback, undefined, (url) => url.startsWith('http://localhost:1/'))
    authorization = new URL(end.url).searchParams.get('authorization_id') ?? ''
    choice = await choosing(world)
    const account = '018f5e2a-0000-7000-8000-000000000001'
    const claim = { version: 1, fence: 1 }
    await world.pool.query('insert into refresh_answer values ($1, 1, 1, $2, now())', [
      account,
      seal({ answer: {} as never, sentAt: new Date() }, account, claim, world.vault),
    ])
    const [key] = await listed(world)
    before = key as DataKeyLine
  }, 60_000)
  afterAll(() => Promise.all(worlds.map((world) => world.close())))

  /** Holds a grant whose user chooses. @returns the id of its page */
  async function choosing({ app, get }: World): Promise<string> {
    const input = { connection: 'playground', identifier: 'zoe' }
    const { startAuthorization: made } = await get(startAuthorization, { input })
    const opened = await app.services.links.byId(made.id)
    if (!opened) throw new Error('The link is not there.')
    const tokens = { ...NO_TOKENS, tokenType: 'Bearer', scopes: null, expiresAt: null, refreshExpiresAt: null }
    const registration = app.services.setups.registration(opened.connection)
    const brought = { tokens, values: {}, fields: {}, captured: {}, redirectUri: '', registration, version: 1 }
    const tenants = ['a', 'b'].map((id) => ({ id, label: id }))
    return (await app.services.choices.hold(opened, 'browser', { brought, choice: { what: 'site', tenants } })).id
  }

  async function under(connection: string, identifier: string, more: Record<string, unknown> = {}) {
    const input = { connection, identifier, ...more }
    const { startAuthorization: made } = await worlds[0].get(startAuthorization, { input })
    const visitor = new Visitor()
    return { visitor, callback: await visitor.authorize(made.url as string, identifier) }
  }

  it('is known to every process before it seals, and then all values are sealed with it [T39]', async () => {
    expect(before.state).toBe('SEALS')
    expect(Object.keys(before.values).sort()).toEqual(SEALED_TABLES.map(({ table }) => table).sort())
    const { code, lines } = await vault(worlds[0], 'rotate', '--in', '7')
    expect([code, lines]).toMatchObject([0, [{ created: expect.any(String) }]])
    expect((await listed(worlds[0])).map(({ state }) => state)).toEqual(['SEALS', 'WAITS'])
    const asked = new Set<string>()
    const agents = worlds.map(async (world, at) => {
      for (let i = 0; !asked.has('done'); i = (i + 1) % 120) {
        const { data } = await world.ask(readToken, { connection: 'playground', identifier: `user-${i}` })
        const token = data.connectedAccount?.token
        if (token?.__typename !== 'OAuthToken' || token.accessToken !== `access-${i}`)
          asked.add(`world ${at}, user-${i}: ${JSON.stringify(token)}`)
      }
    })
    await expect
      .poll(async () => (await listed(worlds[0])).map(({ state, values }) => [state, sum(values)]), { timeout: 40_000 })
      .toEqual([
        ['OPENS', 0],
        ['SEALS', expect.any(Number)],
      ])
    asked.add('done')
    await Promise.all(agents)
    expect([...asked]).toEqual(['done'])
    expect(await vault(worlds[0], 'check')).toMatchObject({ code: 0, lines: [{ unreadable: 0 }] })
  }, 90_000)

  it('opens what was under way: a redirect, a verification, a choice, and what every process had sealed', async () => {
    const page = await link.visitor.open(link.callback)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Your Playground account is connected')])
    const { verifyAuthorization: verified } = await worlds[1].get(verifyAuthorization, {
      input: { authorization, identifier: 'eve' },
    })
    expect(verified.status).toBe('ACTIVE')
    expect((await worlds[1].app.services.choices.look(choice, 'browser'))?.choice.tenants).toHaveLength(2)
  })

  it('lets the one before be retired when nothing needs it, and not earlier [T39]', async () => {
    const [{ id: old }, { id: current }] = (await listed(worlds[0])) as [DataKeyLine, DataKeyLine]
    const world = worlds[0]
    const refused = async (id: string) => {
      const { code, output } = await vault(world, 'retire', id)
      return [code, output]
    }
    expect(await refused(current)).toEqual([1, expect.stringContaining('seals new values')])
    expect(await refused(old)).toEqual([1, expect.stringContaining('it can be retired from')])
    expect(await refused('018f5e2a-0000-7000-8000-000000000001')).toEqual([1, expect.stringContaining('There is no')])
    expect(await refused('x')).toEqual([2, expect.stringContaining('Use it so')])
    await world.pool.query("update data_key set usable_from = usable_from - interval '8 days'")
    await sealedWith(old, async () => {
      expect(await refused(old)).toEqual([
        1,
        expect.stringMatching(/still needed: 1 values of credential.*check lists/),
      ])
      expect(await vault(world, 'check')).toMatchObject({
        code: 1,
        lines: [
          { table: 'credential', column: 'access', reason: expect.stringContaining('sealed under another key') },
          { unreadable: 1 },
        ],
      })
    })
    expect(await vault(world, 'retire', old)).toMatchObject({ code: 0, lines: [{ retired: old }] })
    expect((await listed(world)).map(({ state }) => state)).toEqual(['RETIRED', 'SEALS'])
    expect(await refused(old)).toEqual([1, expect.stringContaining('was retired at')])
    const { rows } = await world.pool.query('select wrapped from data_key where id = $1', [old])
    expect(rows).toEqual([{ wrapped: null }])
  }, 120_000)

  /** Makes one value a damaged one of the data key `id`, for the time of `act`. */
  async function sealedWith(id: string, act: () => Promise<void>) {
    const { pool } = worlds[0]
    const { rows } = await pool.query('select account_id, access from credential order by account_id limit 1')
    const damaged = Buffer.concat([
      Buffer.of(1),
      Buffer.from(id.replaceAll('-', ''), 'hex'),
      rows[0].access.subarray(17),
    ])
    const put = (access: Buffer) =>
      pool.query('update credential set access = $1 where account_id = $2', [access, rows[0].account_id])
    await put(damaged)
    await act()
    await put(rows[0].access)
  }

  it('leaves the audit log verifiable, and says in it who did what', async () => {
    const world = worlds[0]
    const { code, output } = await command('audit-verify', {
      DATABASE_URL: world.config.databaseUrl as string,
      VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
      VALETKEY_DATA: world.config.dataDirectory,
    })
    expect([code, JSON.parse(output)]).toMatchObject([0, { findings: 0 }])
    const { rows } = await world.pool.query("select action from audit_event where action like 'data_key.%' order by at")
    expect(rows.map(({ action }) => action)).toEqual(['data_key.created', 'data_key.retired'])
  })
})

describe('what cannot be opened', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ shipped: (key) => key === 'playground' })
    world.app.services.resealing.start()
    for (const identifier of ['ada', 'bob', 'eve'])
      await world.get(importTokens, {
        input: { connection: 'playground', identifier, oauth2: { accessToken: `of-${identifier}` } },
      })
  })
  afterAll(() => world.close())
  const tokenOf = async (identifier: string) =>
    (await world.ask(readToken, { connection: 'playground', identifier })).data.connectedAccount?.token

  it('is left as it is and named, and a row that is being changed is left to who changes it [T39]', async () => {
    const idOf = async (identifier: string) =>
      (await world.pool.query('select id from connected_account where identifier = $1', [identifier])).rows[0].id
    await world.pool.query('update credential set access = $1 where account_id = $2', [
      randomBytes(200),
      await idOf('eve'),
    ])
    const client = new pg.Client({ connectionString: world.config.databaseUrl as string })
    await client.connect()
    await client.query('begin')
    await client.query('select from credential where account_id = $1 for update', [await idOf('bob')])
    await vault(world, 'rotate', '--in', '0')
    await expect.poll(() => world.log(), { timeout: 40_000 }).toContain('reseal.unreadable')
    expect(world.log()).toContain(await idOf('eve'))
    await expect.poll(async () => (await listed(world))[0]?.values, { timeout: 20_000 }).toEqual({ credential: 1 })
    // Whoever had the row ends: the next run seals it anew.
    await client.query('commit')
    await client.end()
    expect(await tokenOf('bob')).toMatchObject({ accessToken: 'of-bob' })
    world.app.services.resealing.wake()
    await expect.poll(async () => sum((await listed(world))[0]?.values), { timeout: 40_000 }).toBe(0)
    expect(await tokenOf('bob')).toMatchObject({ accessToken: 'of-bob' })
    expect(await tokenOf('ada')).toMatchObject({ accessToken: 'of-ada' })
    expect(await vault(world, 'check')).toMatchObject({ code: 1, lines: [{ column: 'access' }, { unreadable: 1 }] })
  }, 120_000)

  it('a process that cannot unwrap a data key is not ready, and serves on with those that it knows', async () => {
    const other = `other:${randomBytes(32).toString('base64')}`
    const { config } = world
    const args = ['rotate', '--in', '3600']
    const { code } = await command(
      'vault-command',
      { DATABASE_URL: config.databaseUrl as string, VALETKEY_ENCRYPTION_KEYS: `${other},${encryptionKeys}` },
      args,
    )
    expect(code).toBe(0)
    await expect.poll(async () => (await fetch(`${world.url}/readyz`)).status, { timeout: 15_000 }).toBe(503)
    expect(await (await fetch(`${world.url}/readyz`)).json()).toEqual({
      status: expect.stringContaining('data-key.unknown'),
    })
    expect(await tokenOf('ada')).toMatchObject({ accessToken: 'of-ada' })
  }, 60_000)
})

it('every column of bytes is among the sealed ones, or is a hash or a wrapped key', async () => {
  const world = await createWorld({ shipped: (key) => key === 'playground' })
  const { rows } = await world.pool.query(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and data_type = 'bytea' and table_name not like 'audit_%' order by 1`,
  )
  await world.close()
  const sealed = SEALED_TABLES.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`))
  expect(rows.map(({ name }) => name as string).filter((name) => !sealed.includes(name))).toEqual([
    'api_key_secret.hash',
    'api_key_secret.previous_hash',
    'authorization_link.token_hash',
    'authorization_request.browser_hash',
    'authorization_request.state_hash',
    'data_key.kept',
    'data_key.wrapped',
    'pending_choice.browser_hash',
    'session.key_hash',
    'session.previous_hash',
    'session.token_hash',
  ])
})

it('a key ring unwraps what it wrapped, under the same context and no other key', async () => {
  const [one, two] = [randomBytes(32), randomBytes(32)]
  const ring = new Keyring([{ id: 'one', key: one }])
  const wrapped = await ring.wrap(Buffer.from('a data key'), 'context')
  expect((await ring.unwrap(wrapped, 'context'))?.toString()).toBe('a data key')
  expect(await ring.unwrap(wrapped, 'another')).toBeNull()
  expect(await ring.unwrap({ ...wrapped, bytes: Buffer.alloc(5) }, 'context')).toBeNull()
  expect(await new Keyring([{ id: 'one', key: two }]).unwrap(wrapped, 'context')).toBeNull()
  await expect(new Keyring([{ id: 'two', key: one }]).unwrap(wrapped, 'context')).rejects.toThrow(UnknownKey)
})
