/** Background jobs: deleting a connection with its accounts, and deleting old data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Jobs } from '../src/jobs/jobs.js'
import { firstConnection } from '../src/playground/first-connection.js'
import { graphql } from './generated/gql.js'
import { auditEvents, createConnection, importTokens, startAuthorization } from './support/documents.js'
import { OddProvider } from './support/odd-provider.js'
import { Visitor } from './support/visitor.js'
import { createConnector } from './support/workshop.js'
import { createWorld, type World } from './support/world.js'

const remove = graphql(`
  mutation RemoveWithAccounts($connection: ID!) {
    deleteConnection(connection: $connection, disconnectAccounts: true)
  }
`)

const state = graphql(`
  query DeletionState($connection: ID!) {
    connection(connection: $connection) {
      status
      problem
      accountCount
      deletion { startedAt accounts accountsLeft }
    }
  }
`)

const enable = graphql(`
  mutation EnableDeleted($connection: ID!) {
    enableConnection(connection: $connection) { status }
  }
`)

const disconnect = graphql(`
  mutation DisconnectForJobs($id: ID!) {
    disconnectConnectedAccount(id: $id) { revocation }
  }
`)

/** A connector whose provider revokes slowly, or not at all. */
async function revoking(world: World, provider: OddProvider, key: string, accounts: number) {
  const url = (path: string) => `${provider.url}/${key}${path}`
  const definition = {
    schema: 1,
    key,
    name: key,
    categories: ['testing'],
    auth: [
      {
        id: 'main',
        type: 'oauth2',
        grant: 'authorization_code',
        authorize: { url: url('/authorize') },
        token: { url: url('/token') },
        revoke: [
          { method: 'POST', url: url('/revoke'), auth: 'client', encoding: 'form', body: { token: '{token.access}' } },
        ],
      },
    ],
  }
  await world.get(createConnector, { definition })
  const fields = [
    { key: 'client_id', value: 'the-client' },
    { key: 'client_secret', value: 'the-secret' },
  ]
  await world.get(createConnection, { input: { connector: key, name: key, fields } })
  for (let number = 1; number <= accounts; number++)
    await world.get(importTokens, {
      input: { connection: key, identifier: `user_${number}`, oauth2: { accessToken: `access-${number}` } },
    })
}

describe('deleting a connection with its accounts', () => {
  let world: World
  let provider: OddProvider
  beforeAll(async () => {
    provider = await OddProvider.open()
    world = await createWorld({ env: { VALETKEY_ALLOW_PRIVATE_NETWORK: 'on' } })
  })
  afterAll(async () => {
    await world.close()
    provider.close()
  })
  const run = (signal = new AbortController().signal) => world.app.services.connectionDeletions.job.run(signal)
  const read = async (connection: string) => (await world.get(state, { connection })).connection

  it('begins at once, shows its progress, and revokes each grant', async () => {
    await revoking(world, provider, 'seen', 12)
    expect((await world.get(remove, { connection: 'seen' })).deleteConnection).toBe(true)
    expect(await read('seen')).toMatchObject({
      status: 'DISABLED',
      problem: 'This connection is being deleted.',
      accountCount: 12,
      deletion: { accounts: 12, accountsLeft: 12 },
    })
    await run()
    expect(await read('seen')).toBeNull()
    expect(provider.requestsTo('/seen/revoke')).toHaveLength(12)
    const { auditEvents: events } = await world.get(auditEvents, { filter: { connection: 'seen' }, first: 200 })
    const actions = events.items.map(({ action, actor }) => `${action} by ${actor}`)
    expect(actions.filter((action) => action === 'account.deleted by admin')).toHaveLength(12)
    expect(actions[0]).toBe('connection.deleted by admin')
    expect(actions.filter((action) => action === 'connection.deletion_started by admin')).toHaveLength(1)
  })

  it('stores no grant of a user who is at the provider meanwhile, and says so', async () => {
    await revoking(world, provider, 'race', 1)
    provider.answers['/race/token'] = async () => {
      await world.get(remove, { connection: 'race' })
      return { status: 200, body: { access_token: 'late', token_type: 'Bearer' } }
    }
    const { startAuthorization: link } = await world.get(startAuthorization, {
      input: { connection: 'race', identifier: 'late' },
    })
    const visitor = new Visitor()
    const door = new URL(await visitor.start(link.url as string, (url) => url.startsWith(provider.url)))
    const back = new URL(door.searchParams.get('redirect_uri') as string)
    back.searchParams.set('state', door.searchParams.get('state') as string)
    back.searchParams.set('code', 'a-code')
    const visit = await visitor.open(back.href)
    expect(visit.status).toBeGreaterThan(400)
    expect(visit.text).toContain('changed meanwhile')
    const { rows } = await world.pool.query(
      `select account.status from connected_account account join connection on connection.id = account.connection_id
       where connection.name = 'race' and identifier = 'late'`,
    )
    expect(rows).toEqual([{ status: 'PENDING_AUTHORIZATION' }])
    await run()
    expect(await read('race')).toBeNull()
  })

  it('allows no new account meanwhile, and no enabling of the connection', async () => {
    await revoking(world, provider, 'closed', 1)
    await world.get(remove, { connection: 'closed' })
    const refused = await world.ask(importTokens, {
      input: { connection: 'closed', identifier: 'late', oauth2: { accessToken: 'late' } },
    })
    expect(refused.errors?.[0]).toMatchObject({ extensions: { code: 'CONFLICT' } })
    expect((await world.ask(enable, { connection: 'closed' })).errors?.[0]).toMatchObject({
      message: 'closed is being deleted.',
      extensions: { code: 'CONFLICT' },
    })
    await run()
    expect(await read('closed')).toBeNull()
  })

  it('continues an interrupted run, and repeats no request that was done [input 19]', async () => {
    await revoking(world, provider, 'cut', 12)
    await world.get(remove, { connection: 'cut' })
    const cut = new AbortController()
    provider.answers['/cut/revoke'] = () => {
      cut.abort()
      return { status: 200, body: {} }
    }
    await run(cut.signal)
    const between = await read('cut')
    expect(between?.deletion?.accountsLeft).toBeGreaterThan(0)
    expect(between?.deletion?.accountsLeft).toBeLessThan(12)
    await run()
    expect(await read('cut')).toBeNull()
    expect(provider.requestsTo('/cut/revoke')).toHaveLength(12)
  })

  it('may run twice at the same time', async () => {
    await revoking(world, provider, 'twice', 10)
    await world.get(remove, { connection: 'twice' })
    await Promise.all([run(), run()])
    await run()
    expect(await read('twice')).toBeNull()
    expect(provider.requestsTo('/twice/revoke')).toHaveLength(10)
  })

  it('leaves an account that cannot be disconnected to the next run, and disconnects the others', async () => {
    await revoking(world, provider, 'stuck', 3)
    await world.get(remove, { connection: 'stuck' })
    await world.pool.query(`
      create function refuse_stuck() returns trigger language plpgsql as $$ begin raise exception 'stuck'; end $$;
      create trigger stuck before delete on connected_account
      for each row when (old.identifier = 'user_2') execute function refuse_stuck()`)
    await run()
    expect(await read('stuck')).toMatchObject({ deletion: { accounts: 3, accountsLeft: 1 } })
    expect(world.log()).toContain('deletion.account-failed')
    await world.pool.query('drop trigger stuck on connected_account; drop function refuse_stuck()')
    await run()
    expect(await read('stuck')).toBeNull()
  })
})

describe('jobs', () => {
  it('run soon after they are sent, on one of the replicas, and not after a stop', async () => {
    const world = await createWorld()
    const url = world.config.databaseUrl as string
    const runs: string[] = []
    const replicas = ['one', 'two'].map((name) => {
      const jobs = new Jobs(url, 7, () => {})
      jobs.add({ name: 'probe', schedule: '0 0 1 1 *', longest: 60, run: async () => void runs.push(name) })
      return jobs
    })
    for (const jobs of replicas) await jobs.start()
    await replicas[0]?.runSoon('probe')
    await expect.poll(() => runs.length).toBe(1)
    await replicas[1]?.stop()
    await replicas[0]?.runSoon('probe')
    await expect.poll(() => runs.length).toBe(2)
    expect(runs[1]).toBe('one')
    await replicas[0]?.stop()
    await world.close()
  })

  it('end with the process: a run that is under way gets an abort signal', async () => {
    const world = await createWorld()
    const jobs = new Jobs(world.config.databaseUrl as string, 7, () => {})
    let ended = false
    let began = () => {}
    const running = new Promise<void>((resolve) => {
      began = resolve
    })
    jobs.add({
      name: 'endless',
      schedule: '0 0 1 1 *',
      longest: 60,
      run: (signal) =>
        new Promise((resolve) => {
          began()
          signal.addEventListener('abort', () => {
            ended = true
            resolve()
          })
        }),
    })
    await jobs.start()
    await jobs.runSoon('endless')
    await running
    await jobs.stop()
    expect(ended).toBe(true)
    await world.close()
  })

  it('are registered on the server, each with its schedule', async () => {
    const world = await createWorld({ jobs: true, env: { VALETKEY_RETENTION_SCHEDULE: '5 4 * * *' } })
    const schedules = async () =>
      (await world.pool.query('select name, cron from valetkey_jobs.schedule order by name')).rows.map(
        ({ name, cron }) => `${name}: ${cron}`,
      )
    await expect
      .poll(schedules)
      .toEqual([
        'choice-expiry: * * * * *',
        'connection-deletion: * * * * *',
        'discovery: */5 * * * *',
        'keep-alive: */10 * * * *',
        'limit-counts: */10 * * * *',
        'retention: 5 4 * * *',
        'verification-expiry: * * * * *',
      ])
    await world.close()
  })
})

describe('old data', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({
      env: {
        VALETKEY_RETENTION_AUDIT_DAYS: '30',
        VALETKEY_RETENTION_LINK_DAYS: '10',
        VALETKEY_RETENTION_REQUEST_DAYS: '2',
      },
    })
  })
  afterAll(() => world.close())
  const count = async (table: string) => Number((await world.pool.query(`select count(*) from ${table}`)).rows[0].count)

  /** A link whose user has gone to the provider and has not come back. */
  async function underWay(identifier: string) {
    const { startAuthorization: link } = await world.get(startAuthorization, {
      input: { connection: 'playground', identifier },
    })
    await new Visitor().start(link.url as string, (url) => url.includes('/playground/'))
    return link.account.id
  }

  it('is deleted after the configured number of days, and not before', async () => {
    await underWay('early')
    await world.pool.query("update authorization_request set expires_at = now() - interval '3 days'")
    await world.pool.query("update authorization_link set expires_at = now() - interval '9 days'")
    const before = { links: await count('authorization_link') }
    await world.app.services.retention.run(new AbortController().signal)
    expect(await count('authorization_request')).toBe(0)
    expect(await count('authorization_link')).toBe(before.links)
    // Once the event of the first start is gone, later ones go on without it.
    await world.pool.query(`set session_replication_role = replica;
      delete from audit_event where action = 'connection.created'; set session_replication_role = origin`)
    await firstConnection(world.orm.em.fork(), world.app.services.connections)
    expect(await count('connection')).toBe(1)
    await world.pool.query("update authorization_link set expires_at = now() - interval '11 days'")
    await world.app.services.retention.run(new AbortController().signal)
    expect(await count('authorization_link')).toBe(0)
  })

  it('of an unfinished authorization is deleted when its account is disconnected', async () => {
    const account = await underWay('leaves')
    await underWay('stays')
    expect(await count('authorization_request')).toBe(2)
    await world.get(disconnect, { id: account })
    expect(await count('authorization_request')).toBe(1)
  })
})
