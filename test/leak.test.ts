/**
 * Long sentinel secrets are planted, every route and many faults are driven, and then they are looked
 * for in every answer, in the log and in every row.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApiKey, createConnection, importTokens, readAccount, readToken, startAuthorization } from './support/documents.js'
import { OddProvider } from './support/odd-provider.js'
import { Visitor } from './support/visitor.js'
import { createWorld, type World } from './support/world.js'

const sentinel = (name: string) => `SENTINEL-${name}-${randomBytes(24).toString('hex')}`
const secrets = {
  clientSecret: sentinel('client'),
  access: sentinel('access'),
  refresh: sentinel('refresh'),
  newAccess: sentinel('new-access'),
  newRefresh: sentinel('new-refresh'),
  code: sentinel('code'),
}
let provider: OddProvider
let world: World
const answers: string[] = []

beforeAll(async () => {
  provider = await OddProvider.open()
  world = await createWorld({ env: { VALETKEY_ALLOW_PRIVATE_NETWORK: 'on', LOG_LEVEL: 'trace' }, connectors: [provider.definition('odd')] })
})
afterAll(async () => {
  await world.close()
  provider.close()
})

it('lets no secret out but where a token query gives it', async () => {
  const note = (value: unknown) => answers.push(typeof value === 'string' ? value : JSON.stringify(value))
  note(
    await world.ask(createConnection, {
      input: {
        connector: 'odd',
        fields: [
          { key: 'client_id', value: 'app' },
          { key: 'client_secret', value: secrets.clientSecret },
        ],
      },
    }),
  )
  note(await world.ask(createConnection, { input: { connector: 'odd', name: 'bad', fields: [{ key: 'client_secret', value: `${secrets.clientSecret}\u00e9` }] } }))
  note(await world.ask(createConnection, { input: { connector: 'odd', clientSecret: secrets.clientSecret } as never }))
  note(await world.ask(createConnection, { input: { connector: 'odd', fields: [{ key: 'client_secret', value: { nested: secrets.clientSecret } }] } as never }))
  const identifier = 'leaky'
  note(
    await world.ask(importTokens, {
      input: { connection: 'odd', identifier, oauth2: { accessToken: secrets.access, refreshToken: secrets.refresh, expiresAt: new Date(Date.now() + 3600_000).toISOString() } },
    }),
  )
  note(await world.ask(importTokens, { input: { connection: 'odd', identifier, oauth2: { accessToken: `${secrets.access}\n` } } }))
  note(await world.ask(importTokens, { input: { connection: 'odd', identifier, oauth2: { accessToken: secrets.access, expiresAt: secrets.refresh } } as never }))
  const expire = () =>
    world.pool.query(
      "update credential set expires_at = now() - interval '1 second', obtained_at = now() - interval '1 hour'; update refresh_lease set next_attempt_at = null, until = null",
    )
  for (const answer of [
    { status: 500, body: `secret=${secrets.refresh}` },
    { status: 400, body: { error: 'temporarily_unavailable', error_description: 'again later' } },
    { status: 400, body: { error: 'temporarily_unavailable', error_description: `refused ${secrets.refresh} of ${secrets.clientSecret}` } },
    { status: 200, body: `<html>${secrets.newAccess}</html>` },
    { status: 200, body: { access_token: `${secrets.newAccess}\n`, refresh_token: secrets.newRefresh } },
  ]) {
    await expire()
    provider.answers['/token'] = () => answer
    note(await world.ask(readToken, { connection: 'odd', identifier }))
  }
  await expire()
  provider.answers['/token'] = () => ({ body: { access_token: secrets.newAccess, refresh_token: secrets.newRefresh, expires_in: 3600 } })
  const given = await world.get(readToken, { connection: 'odd', identifier })
  expect(JSON.stringify(given)).toContain(secrets.newAccess)
  note(JSON.stringify(given).replaceAll(secrets.newAccess, ''))
  note(await world.ask(readAccount, { connection: 'odd', identifier }))

  const { startAuthorization: link } = await world.get(startAuthorization, { input: { connection: 'odd', identifier: 'second', returnUrl: 'http://localhost:1/x' } })
  const linkToken = (link.url as string).split('/').pop() as string
  const visitor = new Visitor()
  const address = new URL(await visitor.start(link.url as string, (url) => url.startsWith(provider.url)))
  const state = address.searchParams.get('state') as string
  provider.answers['/token'] = () => ({ status: 400, body: { error: 'invalid_grant' } })
  note((await visitor.open(`${address.searchParams.get('redirect_uri')}?code=${secrets.code}&state=${state}`)).text)
  note((await visitor.open(`${address.searchParams.get('redirect_uri')}?code=${secrets.code}&state=${state}x`)).text)
  const { createApiKey: apiKey } = await world.get(createApiKey, { input: { name: 'leak', permissions: ['TOKENS_READ'] } })
  for (const path of [
    '/healthz',
    '/readyz',
    '/metrics',
    '/graphiql',
    '/playground',
    '/nowhere',
    '/connect/x',
    '/oauth/callback/x',
    '/icons/odd.svg',
    `/nowhere?key=${apiKey.secret}`,
  ])
    note(await (await fetch(world.url + path)).text())

  // A fault that nobody foresaw, with a secret in its message.
  await world.pool.query('alter table credential rename to credential_away')
  note(await world.ask(readToken, { connection: 'odd', identifier }))
  await world.pool.query('alter table credential_away rename to credential')

  const planted = { ...secrets, linkToken, state, apiKey: apiKey.secret, adminKey: world.adminKey }
  for (const [name, secret] of Object.entries(planted)) {
    expect([name, answers.filter((answer) => answer.includes(secret))]).toEqual([name, []])
    expect([name, world.log().includes(secret)]).toEqual([name, false])
  }
  const { rows: tables } = await world.pool.query("select table_name from information_schema.tables where table_schema = 'public' and table_name <> 'playground_record'")
  for (const { table_name } of tables) {
    const { rows } = await world.pool.query(`select row_to_json(t)::text as row from ${table_name} t`)
    const text = rows.map(({ row }) => row).join('\n')
    for (const [name, secret] of Object.entries(planted))
      expect([table_name, name, text.includes(secret) || text.includes(Buffer.from(secret).toString('hex'))]).toEqual([table_name, name, false])
  }
  const masked = answers.at(-1) as string
  expect(masked).toMatch(/Something went wrong on our side/)
  expect(masked).not.toMatch(/credential|relation|select/)
})
