/** Starting and stopping server processes, as an operator sees it. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { readConfig } from '../src/config.js'
import { temporaryDataDirectory } from '../src/database/embedded.js'
import { StartRefused } from '../src/errors.js'
import { importTokens, readToken } from './support/documents.js'
import { ServerProcess } from './support/process.js'
import { encryptionKeys, freePort, newDatabase, post } from './support/world.js'

const directories: string[] = []
const newDirectory = () => {
  const directory = temporaryDataDirectory('start')
  directories.push(directory)
  return directory
}
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

describe('a first start without any configuration', () => {
  it('works with the curl that it prints, loses nothing by kill -9, and refuses a second start', async () => {
    const env = { PORT: String(await freePort()), VALETKEY_DATA: newDirectory() }
    const first = await new ServerProcess(env).ready()
    while (!first.output.includes('curl')) await new Promise((resolve) => setTimeout(resolve, 10))
    const key = /\n {2}(vk_\S+)\n/.exec(first.output)?.[1] as string
    const [, url, header, body] =
      /curl -s (\S+) -H "authorization: (Bearer \S+)" -H 'content-type: application\/json' -d '(.+)'/.exec(
        first.output,
      ) ?? []
    const answer = await fetch(url as string, {
      method: 'POST',
      headers: { authorization: header as string, 'content-type': 'application/json' },
      body: body as string,
    })
    expect(await answer.json()).toEqual({
      data: {
        connections: {
          items: [
            { name: 'playground', status: 'ACTIVE', redirectUri: expect.stringContaining('/oauth/callback/conn_') },
          ],
        },
      },
    })
    await post(
      first.url,
      importTokens,
      { input: { connection: 'playground', identifier: 'kept', oauth2: { accessToken: 'kept-token' } } },
      key,
    )

    const second = new ServerProcess({ ...env, PORT: String(await freePort()) })
    expect(await second.exited).toMatchObject({ code: 1 })
    expect(second.output).toBe(
      [
        'Valetkey did not start.\n',
        `  Another Valetkey already runs on ${env.VALETKEY_DATA}. `,
        'Stop it, or set VALETKEY_DATA to another directory.\n',
      ].join(''),
    )

    await first.signal('SIGKILL')
    const again = await new ServerProcess(env).ready()
    const read = await post(again.url, readToken, { connection: 'playground', identifier: 'kept' }, key)
    expect(read.data.connectedAccount?.token).toMatchObject({ accessToken: 'kept-token' })
    expect(again.output).not.toMatch(/vk_\w{8}_/)
    expect(again.output).toContain('was taken over')
    expect(await again.signal('SIGTERM')).toEqual({ code: 0, signal: null })

    const third = await new ServerProcess(env).ready()
    expect(
      (await post(third.url, readToken, { connection: 'playground', identifier: 'kept' }, key)).data.connectedAccount
        ?.token,
    ).toMatchObject({ accessToken: 'kept-token' })
    await third.signal('SIGTERM')
    for (const file of readdirSync(env.VALETKEY_DATA).filter((name) => name !== 'postgres'))
      expect([file, statSync(path.join(env.VALETKEY_DATA, file)).mode & 0o077]).toEqual([
        file,
        file === 'database.json' ? 0o044 : 0,
      ])
    expect(readFileSync(path.join(env.VALETKEY_DATA, 'postgres.log'), 'utf8')).not.toContain('kept-token')
  }, 60_000)
})

describe('a stop', () => {
  it('waits for requests that are under way', async () => {
    const adminKey = `stop-admin-${randomBytes(24).toString('hex')}`
    const databaseUrl = await newDatabase()
    const server = await new ServerProcess({
      PORT: String(await freePort()),
      DATABASE_URL: databaseUrl,
      VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
      VALETKEY_ADMIN_KEY: adminKey,
    }).ready()
    const [holder, database] = [
      new pg.Client({ connectionString: databaseUrl }),
      new pg.Client({ connectionString: databaseUrl }),
    ]
    await Promise.all([holder.connect(), database.connect()])
    await holder.query('begin; lock table connected_account in exclusive mode')
    const asked = Array.from({ length: 8 }, (_, i) =>
      post(
        server.url,
        importTokens,
        { input: { connection: 'playground', identifier: `user_${i}`, oauth2: { accessToken: 'x' } } },
        adminKey,
      ),
    )
    const waiting = async () =>
      Number(
        (
          await database.query(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          )
        ).rows[0].count,
      )
    while ((await waiting()) < 8) await new Promise((resolve) => setTimeout(resolve, 20))
    const ended = server.signal('SIGTERM')
    while (
      await fetch(`${server.url}/healthz`).then(
        () => true,
        () => false,
      )
    )
      await new Promise((resolve) => setTimeout(resolve, 20))
    await holder.end()
    expect((await Promise.all(asked)).map(({ status, errors }) => [status, errors])).toEqual(
      Array(8).fill([200, undefined]),
    )
    expect(await ended).toEqual({ code: 0, signal: null })
    expect((await database.query('select 1 from credential')).rowCount).toBe(8)
    await database.end()
  }, 30_000)
})

describe('several servers on one database', () => {
  it('migrate it once and all serve', async () => {
    const template = inject('databaseUrl')
    const name = `empty_${randomBytes(8).toString('hex')}`
    const client = new pg.Client({ connectionString: template.replace('/valetkey?', '/postgres?') })
    await client.connect()
    await client.query(`create database ${name}`)
    await client.end()
    const adminKey = `many-admin-${randomBytes(24).toString('hex')}`
    const env = {
      DATABASE_URL: template.replace('/valetkey?', `/${name}?`),
      VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
      VALETKEY_ADMIN_KEY: adminKey,
    }
    const servers = await Promise.all(
      Array.from({ length: 3 }, async () => new ServerProcess({ ...env, PORT: String(await freePort()) }).ready()),
    )
    await post(
      (servers[0] as ServerProcess).url,
      importTokens,
      { input: { connection: 'playground', identifier: 'shared', oauth2: { accessToken: 'shared-token' } } },
      adminKey,
    )
    for (const server of servers) {
      expect(
        (await post(server.url, readToken, { connection: 'playground', identifier: 'shared' }, adminKey)).data
          .connectedAccount?.token,
      ).toMatchObject({
        accessToken: 'shared-token',
      })
    }
    await Promise.all(servers.map((server) => server.signal('SIGTERM')))
  }, 60_000)

  it('do not start with the wrong encryption key, and name it [T40]', async () => {
    const databaseUrl = await newDatabase()
    const adminKey = `wrong-admin-${randomBytes(24).toString('hex')}`
    const env = { PORT: String(await freePort()), DATABASE_URL: databaseUrl, VALETKEY_ADMIN_KEY: adminKey }
    const right = await new ServerProcess({ ...env, VALETKEY_ENCRYPTION_KEYS: encryptionKeys }).ready()
    await right.signal('SIGTERM')
    const wrong = new ServerProcess({ ...env, VALETKEY_ENCRYPTION_KEYS: `other:${randomBytes(32).toString('base64')}` })
    expect(await wrong.exited).toMatchObject({ code: 1 })
    expect(wrong.output).toContain(
      'sealed under the encryption key test, which VALETKEY_ENCRYPTION_KEYS does not hold (it holds other)',
    )
  }, 30_000)
})

describe('a configuration', () => {
  const key = randomBytes(32).toString('base64')
  it.each<[string, Record<string, string>, string[]]>([
    ['an invalid port', { PORT: 'http' }, ['PORT is a number from 1 to 65535.']],
    ['a port too high', { PORT: '70000' }, ['PORT is a number from 1 to 65535.']],
    [
      'http in production',
      { NODE_ENV: 'production', PUBLIC_URL: 'http://x.example' },
      ['PUBLIC_URL is required in production, and begins with https://.'],
    ],
    [
      'no address in production',
      { NODE_ENV: 'production' },
      ['PUBLIC_URL is required in production, and begins with https://.'],
    ],
    [
      'an address with a query',
      { PUBLIC_URL: 'https://x.example/?a=b' },
      ['PUBLIC_URL is an address such as https://valetkey.example.com, without query or fragment.'],
    ],
    [
      'a database without a key',
      { DATABASE_URL: 'postgresql://x/y' },
      ['VALETKEY_ENCRYPTION_KEYS is required with DATABASE_URL'],
    ],
    [
      'a key of 31 bytes',
      { VALETKEY_ENCRYPTION_KEYS: `k:${randomBytes(31).toString('base64')}` },
      ['VALETKEY_ENCRYPTION_KEYS has a key k that is not the base64 of 32 bytes'],
    ],
    ['a key without an id', { VALETKEY_ENCRYPTION_KEYS: key }, ['VALETKEY_ENCRYPTION_KEYS has an entry without an id']],
    [
      'one id twice',
      { VALETKEY_ENCRYPTION_KEYS: `k:${key},k:${key}` },
      ['VALETKEY_ENCRYPTION_KEYS names one id twice.'],
    ],
    ['a short admin key', { VALETKEY_ADMIN_KEY: 'short' }, ['VALETKEY_ADMIN_KEY has fewer than 32 characters.']],
    [
      'a proxy count',
      { TRUST_PROXY: '1' },
      ['TRUST_PROXY holds "1", which is neither an address nor a range such as 10.0.0.0/8.'],
    ],
    [
      'an origin with a path',
      { VALETKEY_ALLOWED_ORIGINS: 'https://x.example/path' },
      ['VALETKEY_ALLOWED_ORIGINS holds "https://x.example/path", which is not an origin'],
    ],
    [
      'a scheme that is no application',
      { VALETKEY_ALLOWED_ORIGINS: 'javascript:' },
      ['VALETKEY_ALLOWED_ORIGINS holds "javascript:", which is not an origin'],
    ],
    [
      'a switch that prints secrets',
      { DEBUG: 'simple-oauth2*' },
      ['DEBUG would make simple-oauth2 print secrets; unset it.'],
    ],
    ...['99 99 * * *', 'a b c d e', '*/0 * * * *', '0 0 31 2 *', '@daily', '* * * *'].map(
      (schedule): [string, Record<string, string>, string[]] => [
        `a schedule ${schedule}`,
        { VALETKEY_RETENTION_SCHEDULE: schedule },
        ['VALETKEY_RETENTION_SCHEDULE is a cron expression of five fields, in UTC'],
      ],
    ),
    [
      'a period that no queue can count',
      { VALETKEY_RETENTION_JOB_DAYS: '30000' },
      ['VALETKEY_RETENTION_JOB_DAYS is at most 20000'],
    ],
    ...['data:image/svg+xml,<svg onload="x"/>', 'data:text/html,<script>x</script>', 'http://x.example/logo.png'].map(
      (logo): [string, Record<string, string>, string[]] => [
        `a logo ${logo.slice(0, 20)}`,
        { VALETKEY_APP_LOGO: logo },
        ['VALETKEY_APP_LOGO is an https address or a data: address of a PNG, JPEG or WebP'],
      ],
    ),
    ['no pool', { VALETKEY_DATABASE_POOL: '0' }, ['VALETKEY_DATABASE_POOL is a number from 2 to 100']],
    ['an invalid flag', { VALETKEY_PLAYGROUND: 'maybe' }, ['VALETKEY_PLAYGROUND is on or off.']],
    [
      'several faults, all of them named',
      { PORT: '0', LOG_LEVEL: 'loud', VALETKEY_APP_COLOR: 'red' },
      ['PORT is', 'VALETKEY_APP_COLOR is a colour', 'LOG_LEVEL is one of'],
    ],
  ])('with %s is refused, with one line for each error [T40, input 16, 68]', (_what, env, lines) => {
    try {
      readConfig(env)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(StartRefused)
      const { reasons } = error as StartRefused
      expect(reasons).toHaveLength(lines.length)
      for (const [index, reason] of reasons.entries()) expect(reason).toContain(lines[index])
    }
  })

  it('that is refused ends the process with those lines and no stack trace', async () => {
    const server = new ServerProcess({ PORT: 'x', VALETKEY_ADMIN_KEY: 'too-short' })
    expect(await server.exited).toMatchObject({ code: 1 })
    expect(server.output).toBe(
      [
        'Valetkey did not start.\n',
        '  PORT is a number from 1 to 65535.\n',
        '  VALETKEY_ADMIN_KEY has fewer than 32 characters.\n',
      ].join(''),
    )
  })

  it('names a data folder that is a file', async () => {
    const file = path.join(newDirectory(), 'file')
    writeFileSync(file, '')
    const server = new ServerProcess({
      PORT: String(await freePort()),
      DATABASE_URL: await newDatabase(),
      VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
      VALETKEY_DATA: file,
    })
    expect(await server.exited).toMatchObject({ code: 1 })
    expect(server.output).toBe(
      `Valetkey did not start.\n  VALETKEY_DATA (${file}) is no folder that this process may write in (ENOTDIR).\n`,
    )
  })

  it('names a database that cannot be reached', async () => {
    const server = new ServerProcess({
      PORT: String(await freePort()),
      DATABASE_URL: 'postgresql://nobody:password-of-nobody@127.0.0.1:1/x',
      VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
    })
    expect(await server.exited).toMatchObject({ code: 1 })
    expect(server.output).toContain('The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1')
    expect(server.output).not.toContain('password-of-nobody')
  })
})
