/**
 * Plants long recognizable secrets, uses every route and causes many errors, and then looks for the
 * secrets in every answer, in the log and in every row. leak-flows.test.ts does so with every flow.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createApiKey,
  createConnection,
  importTokens,
  readAccount,
  readToken,
  startAuthorization,
} from './support/documents.js'
import { OddProvider } from './support/odd-provider.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'
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
  world = await createWorld({
    env: { VALETKEY_ALLOW_PRIVATE_NETWORK: 'on', LOG_LEVEL: 'trace' },
    connectors: [provider.definition('odd')],
  })
})
afterAll(async () => {
  await world.close()
  provider.close()
})

it('shows no secret except in the answer to a token query [T15, T33, T36]', async () => {
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
  note(
    await world.ask(createConnection, {
      input: {
        connector: 'odd',
        name: 'bad',
        fields: [{ key: 'client_secret', value: `${secrets.clientSecret}\u00e9` }],
      },
    }),
  )
  note(await world.ask(createConnection, { input: { connector: 'odd', clientSecret: secrets.clientSecret } as never }))
  note(
    await world.ask(createConnection, {
      input: { connector: 'odd', fields: [{ key: 'client_secret', value: { nested: secrets.clientSecret } }] } as never,
    }),
  )
  const identifier = 'leaky'
  note(
    await world.ask(importTokens, {
      input: {
        connection: 'odd',
        identifier,
        oauth2: {
          accessToken: secrets.access,
          refreshToken: secrets.refresh,
          expiresAt: new Date(Date.now() + 3600_000).toISOString(),
        },
      },
    }),
  )
  note(
    await world.ask(importTokens, {
      input: { connection: 'odd', identifier, oauth2: { accessToken: `${secrets.access}\n` } },
    }),
  )
  note(
    await world.ask(importTokens, {
      input: {
        connection: 'odd',
        identifier,
        oauth2: { accessToken: secrets.access, expiresAt: secrets.refresh },
      } as never,
    }),
  )
  const expire = () =>
    world.pool.query(
      `update credential set expires_at = now() - interval '1 second', obtained_at = now() - interval '1 hour';
       update refresh_lease set next_attempt_at = null, until = null`,
    )
  for (const answer of [
    { status: 500, body: `secret=${secrets.refresh}` },
    { status: 400, body: { error: 'temporarily_unavailable', error_description: 'again later' } },
    {
      status: 400,
      body: {
        error: 'temporarily_unavailable',
        error_description: `refused ${secrets.refresh} of ${secrets.clientSecret}`,
      },
    },
    { status: 200, body: `<html>${secrets.newAccess}</html>` },
    { status: 200, body: { note: secrets.newAccess, other: secrets.newRefresh } },
  ]) {
    await expire()
    provider.answers['/token'] = () => answer
    note(await world.ask(readToken, { connection: 'odd', identifier }))
  }
  await expire()
  provider.answers['/token'] = () => ({
    body: { access_token: secrets.newAccess, refresh_token: secrets.newRefresh, expires_in: 3600 },
  })
  const given = await world.get(readToken, { connection: 'odd', identifier })
  expect(JSON.stringify(given)).toContain(secrets.newAccess)
  note(JSON.stringify(given).replaceAll(secrets.newAccess, ''))
  note(await world.ask(readAccount, { connection: 'odd', identifier }))

  const { startAuthorization: link } = await world.get(startAuthorization, {
    input: { connection: 'odd', identifier: 'second', returnUrl: 'http://localhost:1/x' },
  })
  const linkToken = (link.url as string).split('/').pop() as string
  const visitor = new Visitor()
  const address = new URL(await visitor.start(link.url as string, (url) => url.startsWith(provider.url)))
  const state = address.searchParams.get('state') as string
  provider.answers['/token'] = () => ({ status: 400, body: { error: 'invalid_grant' } })
  note((await visitor.open(`${address.searchParams.get('redirect_uri')}?code=${secrets.code}&state=${state}`)).text)
  note((await visitor.open(`${address.searchParams.get('redirect_uri')}?code=${secrets.code}&state=${state}x`)).text)
  const { createApiKey: apiKey } = await world.get(createApiKey, {
    input: { name: 'leak', permissions: ['TOKENS_READ'] },
  })
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

  // An unexpected error with a secret in its message.
  await world.pool.query('alter table credential rename to credential_away')
  note(await world.ask(readToken, { connection: 'odd', identifier }))
  await world.pool.query('alter table credential_away rename to credential')

  const planted = { ...secrets, linkToken, state, apiKey: apiKey.secret, adminKey: world.adminKey }
  for (const [name, secret] of Object.entries(planted)) {
    expect([name, answers.filter((answer) => answer.includes(secret))]).toEqual([name, []])
    expect([name, world.log().includes(secret)]).toEqual([name, false])
  }
  const { rows: tables } = await world.pool.query(
    `select table_name from information_schema.tables
     where table_schema = 'public' and table_name <> 'playground_record'`,
  )
  for (const { table_name } of tables) {
    const { rows } = await world.pool.query(`select row_to_json(t)::text as row from ${table_name} t`)
    const text = rows.map(({ row }) => row).join('\n')
    for (const [name, secret] of Object.entries(planted))
      expect([table_name, name, text.includes(secret) || text.includes(Buffer.from(secret).toString('hex'))]).toEqual([
        table_name,
        name,
        false,
      ])
  }
  const masked = answers.at(-1) as string
  expect(masked).toMatch(/Something went wrong on our side/)
  expect(masked).not.toMatch(/credential|relation|select/)
})

it('shows no secret of forms, unverified grants, sessions, key pairs or the spool on disk [T36]', async () => {
  const shop = await Workshop.open({ LOG_LEVEL: 'trace' })
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
    .trim()
  const planted = {
    key: sentinel('form-key'),
    wrongKey: sentinel('wrong-key'),
    password: sentinel('password'),
    session: sentinel('session'),
    client: sentinel('client-of-an-account'),
    minted: sentinel('minted'),
    held: sentinel('held'),
    noted: sentinel('noted'),
    pem: pem.slice(60, 120),
  }
  const seen: string[] = []
  const note = (value: unknown) => seen.push(typeof value === 'string' ? value : JSON.stringify(value))
  const secretField = (key: string) => ({ key, label: key, kind: 'secret' })

  // A hosted form: first refused, with the key in the provider's message, then accepted.
  const form = await shop.connector((url) => ({
    type: 'static',
    preset: 'api_key',
    accountFields: [secretField('api_key')],
    apply: { headers: { 'x-key': '{account.api_key}' } },
    verify: { url: url('/me'), wrong: { status: [401] } },
  }))
  const { name: formConnection } = await shop.connection(form, {})
  shop.answer(form, '/me', ({ headers }) =>
    headers['x-key'] === planted.key
      ? { body: {} }
      : { status: 401, body: { message: `no such key: ${headers['x-key']}` } },
  )
  const { startAuthorization: link } = await shop.world.get(startAuthorization, {
    input: { connection: formConnection, identifier: 'ada' },
  })
  const visitor = new Visitor()
  const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.open(link.url as string)).text)?.[1] ?? ''
  note((await visitor.open(link.url as string, { csrf, 'field.api_key': planted.wrongKey })).text)
  note((await visitor.open(link.url as string, { csrf, 'field.api_key': `${planted.wrongKey}é` })).text)
  note((await visitor.open(link.url as string, { csrf, 'field.api_key': planted.key })).text)
  expect((await shop.credential(formConnection))?.token).toMatchObject({ apiKey: planted.key })

  // A session whose provider repeats the password; an account's own client; a key that cannot sign.
  const session = await shop.connector((url) => ({
    type: 'token_exchange',
    accountFields: [secretField('password')],
    steps: [
      {
        url: url('/in'),
        clientAuth: 'none',
        encoding: 'json',
        params: { deep: { password: '{account.password}' } },
        response: { refreshToken: false },
      },
    ],
    apply: { headers: { 'x-session': '{token.access}' } },
  }))
  const { name: sessions } = await shop.connection(session, {})
  shop.answer(session, '/in', ({ body }) => ({
    status: 401,
    body: { error: 'denied', error_description: `bad: ${body}` },
  }))
  note(await shop.tryAccount(sessions, { password: planted.password }))
  shop.answer(session, '/in', () => ({ body: { access_token: planted.session, expires_in: 60 } }))
  note(await shop.tryAccount(sessions, { password: planted.password }))
  const owned = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'client_credentials',
    accountFields: [{ key: 'client_id', label: 'Id', kind: 'text' }, secretField('client_secret')],
    token: { url: url('/token'), response: { refreshToken: false } },
  }))
  const { name: own } = await shop.connection(owned, {})
  shop.answer(owned, '/token', ({ form }) => ({
    status: 400,
    body: { error: 'invalid_client', error_description: `${form.client_secret} is wrong` },
  }))
  note(await shop.tryAccount(own, { client_id: 'x', client_secret: planted.client }))
  shop.answer(owned, '/token', () => ({ body: { access_token: planted.minted, expires_in: 60 } }))
  note(await shop.tryAccount(own, { client_id: 'x', client_secret: planted.client }))
  const signing = await shop.connector((url) => ({
    type: 'signed_jwt',
    accountFields: [{ key: 'pem', label: 'Key', kind: 'pem' }],
    jwt: { alg: 'ES256', key: '{account.pem}', claims: { iss: 'x' } },
    apply: { headers: { authorization: 'Bearer {jwt}' } },
    verify: { url: url('/me') },
  }))
  const { name: keyPairs } = await shop.connection(signing, {})
  note(await shop.tryAccount(keyPairs, { pem }))

  // A grant that waits for verification, and an answer that waits on disk while the database is away.
  const code = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: { url: url('/token') },
  }))
  const { name: codes } = await shop.connection(code)
  shop.answer(code, '/token', () => ({
    body: { access_token: planted.held, refresh_token: planted.held, expires_in: 3600 },
  }))
  await shop.authorize(codes, (door) => ({ code: 'c', state: door.searchParams.get('state') as string }))
  await shop.world.pool.query(`update connection set user_verification = 'APPLICATION' where name = $1`, [codes])
  const { startAuthorization: verified } = await shop.world.get(startAuthorization, {
    input: { connection: codes, identifier: 'bob', verifyUrl: 'http://localhost:1/v' },
  })
  const bob = new Visitor()
  const door = new URL(await bob.start(verified.url as string, (url) => url.startsWith(shop.provider.url)))
  const end = await bob.open(
    `${door.searchParams.get('redirect_uri')}?code=c&state=${door.searchParams.get('state')}`,
    undefined,
    (url) => url.startsWith('http://localhost:1/'),
  )
  note(end.url)
  const spool = path.join(shop.world.config.dataDirectory, 'spool')
  let onDisk = ''
  await shop.expire()
  shop.answer(code, '/token', () => ({
    body: { access_token: planted.noted, refresh_token: planted.noted, expires_in: 3600 },
  }))
  await shop.world.pool.query('alter table connected_account rename column refresh_outcome to refresh_outcome_away')
  await shop.credential(codes).catch(() => null)
  for (const file of readdirSync(spool)) onDisk += readFileSync(path.join(spool, file), 'latin1')
  await shop.world.pool.query('alter table connected_account rename column refresh_outcome_away to refresh_outcome')
  expect(onDisk.length).toBeGreaterThan(100)

  for (const [name, secret] of Object.entries(planted)) {
    expect([name, seen.filter((answer) => answer.includes(secret))]).toEqual([name, []])
    expect([name, shop.world.log().includes(secret), onDisk.includes(secret)]).toEqual([name, false, false])
  }
  const { rows: tables } = await shop.world.pool.query(
    `select table_name from information_schema.tables
     where table_schema = 'public' and table_name <> 'playground_record'`,
  )
  for (const { table_name } of tables) {
    const { rows } = await shop.world.pool.query(`select row_to_json(t)::text as row from ${table_name} t`)
    const text = rows.map(({ row }) => row).join('\n')
    for (const [name, secret] of Object.entries(planted))
      expect([table_name, name, text.includes(secret) || text.includes(Buffer.from(secret).toString('hex'))]).toEqual([
        table_name,
        name,
        false,
      ])
  }
  await shop.close()
}, 60_000)
