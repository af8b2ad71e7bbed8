/**
 * Three server processes on one database, behind a balancer, against `oidc-provider` with rotation
 * and reuse detection: a refresh token that is sent twice would end the grant.
 */
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Balancer } from './support/balancer.js'
import { readAccount, readToken, startAuthorization } from './support/documents.js'
import { ServerProcess } from './support/process.js'
import { Visitor } from './support/visitor.js'
import { encryptionKeys, freePort, newDatabase, post } from './support/world.js'

const CROWD = 200
const adminKey = `crowd-admin-${randomBytes(24).toString('hex')}`
let servers: ServerProcess[]
let balancer: Balancer
let database: pg.Pool
let url: string

beforeAll(async () => {
  const databaseUrl = await newDatabase()
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  servers = []
  for (let i = 0; i < 3; i++) {
    servers.push(
      new ServerProcess({
        PORT: String(await freePort()),
        PUBLIC_URL: url,
        DATABASE_URL: databaseUrl,
        VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
        VALETKEY_ADMIN_KEY: adminKey,
        TRUST_PROXY: '127.0.0.1/32',
        VALETKEY_DATA: path.join(tmpdir(), `valetkey-crowd-${process.pid}`),
        LOG_LEVEL: 'warn',
      }),
    )
  }
  balancer = new Balancer(
    port,
    servers.map((server) => server.url),
  )
  await Promise.all(servers.map((server) => server.ready()))
  database = new pg.Pool({ connectionString: databaseUrl })
}, 60_000)

afterAll(async () => {
  await Promise.all(servers.map((server) => server.signal('SIGTERM')))
  balancer.close()
  await database.end()
})

it('gives 200 callers over three processes one refresh, and leaves the grant alive', async () => {
  const user = { connection: 'playground', identifier: 'crowded' }
  const started = await post<{ startAuthorization: { url: string } }, unknown>(url, startAuthorization as never, { input: user }, adminKey)
  const visitor = new Visitor()
  await visitor.open(await visitor.authorize(started.data.startAuthorization.url))
  for (let round = 1; round <= 3; round++) {
    await database.query("update credential set expires_at = now() - interval '1 second', obtained_at = now() - interval '1 hour'")
    const before = balancer.count('POST /playground/token')
    const answers = await Promise.all(Array.from({ length: CROWD }, () => post(url, readToken, user, adminKey)))
    const tokens = answers.map(({ data }) => data.connectedAccount?.token)
    expect(new Set(tokens.map((token) => token?.__typename))).toEqual(new Set(['OAuthToken']))
    const values = new Set(tokens.map((token) => (token?.__typename === 'OAuthToken' ? token.accessToken : '')))
    expect(values.size).toBe(1)
    expect(balancer.count('POST /playground/token')).toBe(before + 1)
    const userinfo = await fetch(`${url}/playground/me`, { headers: { authorization: `Bearer ${[...values][0]}` } })
    expect(await userinfo.json()).toMatchObject({ sub: 'ada' })
  }
  const { data } = await post(url, readAccount, user, adminKey)
  expect(data.connectedAccount).toMatchObject({ status: 'ACTIVE', lastRefresh: { succeeded: true } })
  const { rows } = await database.query(
    "select count(*)::int as reads, count(distinct details->>'request')::int as requests from audit_event where action = 'token.read' and outcome = 'SUCCEEDED'",
  )
  expect(rows[0]).toEqual({ reads: 3 * CROWD, requests: 3 * CROWD })
}, 60_000)

it('is against a provider that would notice: a refresh token used twice ends the grant', async () => {
  const { rows } = await database.query("select id from playground_record where model = 'RefreshToken' and consumed_at is not null limit 1")
  const again = await fetch(`${url}/playground/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('playground:playground-secret').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: rows[0].id }),
  })
  expect(await again.json()).toMatchObject({ error: 'invalid_grant' })
  await database.query("update credential set expires_at = now() - interval '1 second', obtained_at = now() - interval '1 hour'")
  const { data } = await post(url, readToken, { connection: 'playground', identifier: 'crowded' }, adminKey)
  expect(data.connectedAccount?.token).toMatchObject({ __typename: 'AuthorizationRequired', status: 'REAUTHORIZATION_REQUIRED' })
})
