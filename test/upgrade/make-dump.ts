/**
 * Fills a database with data of every kind, by the code of an older commit, and writes it down:
 *
 *   UPGRADE_FROM=8a51d42 npm run upgrade:dump
 *
 * Everything comes in as it does in life: over the API, by hosted pages, by the playground. Only the
 * passing of time is made up, in SQL, and only servers that are killed leave what such servers leave.
 * All secrets are made for it and open nothing else: providers are stand-in.ts.
 */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, it } from 'vitest'
import type { OAuth2TokenInput } from '../generated/graphql.js'
import { Visitor } from '../support/visitor.js'
import { connectors } from './connectors.js'
import { APPLICATION, Deployment, type Fields, listed, type Viewer } from './deployment.js'
import {
  createAccount,
  createApiKey,
  createConnection,
  createConnector,
  deleteAccount,
  deleteConnection,
  deleteConnector,
  disableConnection,
  disconnectAccount,
  findCredential,
  readConnector,
  refreshAccount,
  revokeApiKey,
  revokeLink,
  startAuthorization,
  suspendAccount,
  updateAccount,
  updateConnection,
  updateConnector,
  verifyAuthorization,
} from './documents.js'
import { dumpOf, emptyDatabase } from './dump.js'
import { oldBuild } from './old-build.js'
import { type DumpRecord, filesOf } from './record.js'
import { PROVIDER, SERVER, StandIn, secretOf } from './stand-in.js'

const commit = process.env.UPGRADE_FROM ?? ''
const folder = path.join(tmpdir(), `valetkey-dump-${randomUUID()}`)
const failpoint = path.join(folder, 'failpoint')
const { privateKey, publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const pem = privateKey.trim()
const sealing = {
  encryptionKeys: `dump:${randomBytes(32).toString('base64')}`,
  adminKey: `dump-admin-${randomBytes(24).toString('hex')}`,
}

/** Letters, signs and shapes that an application may name its users by, and that something could stumble over. */
const IDENTIFIERS = [
  'ada',
  'Ada',
  'null',
  `o'brien "the \\ quoted"`,
  '100% _under_ *star* [a-z]+ $1 {account.x}',
  "'; drop table credential; --",
  '{"json": [1, null]}',
  '<script>alert(1)</script>',
  'a/b?c=d&e#f%20g',
  'שלום עולם',
  '👩‍👩‍👧‍👦 and 𝒜𝒹𝒶',
  'e\u0301 is not \u00e9',
  'line\u2028separator and zero\u200bwidth',
  'x'.repeat(256),
]

const METADATA = {
  '': 'an empty key',
  'a.b': { 'c"d\\': ["'", '%', '\u2028', '👾', null, true, [], {}] },
  numbers: [0, -1, 0.1, 1e21, 9007199254740991, -1e-7],
  deep: { b: { c: { d: { e: { f: { g: { h: 'ten' } } } } } } },
  html: '<b>&amp;</b>',
  order: { z: 1, a: 2 },
}

it('makes a dump', async () => {
  if (!/^[0-9a-f]{7,40}$/.test(commit))
    throw new Error('Say of which commit: UPGRADE_FROM=8a51d42 npm run upgrade:dump')
  const build = oldBuild(commit)
  mkdirSync(folder, { recursive: true })
  // The old server makes its own schema.
  const url = await emptyDatabase()
  const pool = new pg.Pool({ connectionString: url, max: 3 })
  const standIn = await StandIn.open(publicKey, 'made')
  let life = 0
  const start = () =>
    Deployment.start(
      sealing,
      {
        DATABASE_URL: url,
        // Each process has a spool of its own, so that none stores what another one left.
        VALETKEY_DATA: path.join(folder, `life-${++life}`),
        VALETKEY_FAILPOINT: failpoint,
      },
      SERVER,
      build,
    )
  const filling = new Filling(await start(), pool, standIn, start)
  try {
    await filling.connectors()
    await filling.redirecting()
    await filling.fetching()
    await filling.keys()
    await filling.statuses()
    await filling.connectionStates()
    await filling.callers()
    await filling.verifications()
    await filling.links()
    await filling.killed()
    const { record, sql } = await filling.finish()
    await filling.server.stop()
    expect(filling.server.faults).toEqual([])
    await assertRestorable(sql)
    const files = filesOf(commit)
    writeFileSync(files.sql, sql)
    writeFileSync(files.json, inLines(record))
    console.info(
      Object.values(files)
        .map((file) => `${file}: ${Math.round(statSync(file).size / 1024)} KiB`)
        .join('\n'),
    )
  } finally {
    await filling.server.process.signal('SIGKILL')
    standIn.close()
    await pool.end()
    rmSync(folder, { recursive: true, force: true })
    rmSync(build, { recursive: true, force: true })
  }
})

/** What is written must come back the same. */
async function assertRestorable(sql: string) {
  const pool = new pg.Pool({ connectionString: await emptyDatabase(), max: 1 })
  await pool.query(sql)
  expect(await dumpOf(pool)).toBe(sql)
  await pool.end()
}

/** JSON with one item of a list on each line: a change is seen where it is. */
function inLines(record: DumpRecord): string {
  const members = Object.entries(record).map(([key, value]) => {
    const json = Array.isArray(value)
      ? `[\n${value.map((item) => `  ${JSON.stringify(item)}`).join(',\n')}\n]`
      : JSON.stringify(value)
    return `${JSON.stringify(key)}: ${json}`
  })
  return `{\n${members.join(',\n')}\n}\n`
}

class Filling {
  private readonly record: Pick<DumpRecord, 'apiKeys' | 'sessions' | 'links' | 'away' | 'verifications'> = {
    apiKeys: [],
    sessions: [],
    links: [],
    away: [],
    verifications: [],
  }
  /** Accounts whose token query would change something: `connection/identifier`. */
  private readonly untouched = new Set<string>()

  constructor(
    public server: Deployment,
    private readonly pool: pg.Pool,
    private readonly standIn: StandIn,
    private readonly start: () => Promise<Deployment>,
  ) {}

  async connectors() {
    for (const definition of connectors) await this.server.get(createConnector, { definition })
    for (const name of ['One', 'Two'])
      await this.server.get(updateConnector, {
        key: 'old-unused',
        definition: { ...connectors.at(-1), name: `Unused ${name}` },
      })
    await this.server.get(createConnector, { definition: { ...connectors.at(-1), key: 'old-deleted' } })
    await this.server.get(deleteConnector, { key: 'old-deleted' })
  }

  /** A connection whose client id is its name, and whose secret the stand-in knows. */
  private async app(
    name: string,
    connector: string,
    more: { fields?: Fields; authMethod?: string; userVerification?: 'APPLICATION' | 'NONE' } = {},
  ) {
    const { fields, ...rest } = more
    const { createConnection: made } = await this.server.get(createConnection, {
      input: {
        connector,
        name,
        fields: listed(fields ?? { client_id: name, client_secret: secretOf(name) }),
        ...rest,
      },
    })
    return made
  }

  private async ready(...made: Parameters<Filling['app']>) {
    const connection = await this.app(...made)
    expect(connection).toMatchObject({ status: 'ACTIVE' })
  }

  /** A user comes by a link, and is connected. */
  private async connected(...way: Parameters<Deployment['authorize']>): Promise<string> {
    const page = await this.server.authorize(...way)
    expect(page.text).toContain('Connected')
    return (await this.server.account(way[0], way[1])).id
  }

  /** An account that brings along tokens of a user who authorized elsewhere. */
  private async imported(
    connection: string,
    identifier: string,
    oauth2: Partial<OAuth2TokenInput> = { refreshToken: `rt.${connection}.${identifier}.1` },
  ): Promise<string> {
    const { createConnectedAccount: account } = await this.server.get(createAccount, {
      input: { connection, identifier, oauth2: { accessToken: `at.${connection}.${identifier}.1`, ...oauth2 } },
    })
    return account.id
  }

  // ── credentials ──

  async redirecting() {
    const code = { back: { realm: 'ré alm' }, link: { fields: listed({ workspace: 'acme' }) } }
    await this.ready('code', 'old-code')
    await this.connected('code', 'ada', { ...code, fields: { pin: secretOf('pin') } })
    await this.connected('code', 'without-pin', { ...code, link: { ...code.link, scopes: ['admin'] } })
    await this.ready('lasting', 'old-lasting')
    await this.connected('lasting', 'ada')
    await this.ready('named', 'old-named')
    await this.connected('named', 'ada')
    await this.ready('oidc', 'old-oidc')
    await this.connected('oidc', 'ada')
    await this.ready('oauth1', 'old-oauth1')
    await this.connected('oauth1', 'ada')
    await this.ready('based', 'old-based')
    await this.connected('based', 'ada')
    await this.ready('mcp', 'old-mcp', { fields: {} })
    await this.connected('mcp', 'ada', { back: { iss: `${PROVIDER.url}/mcp` } })
    expect(await this.app('mcp-draft', 'old-mcp-manual', { fields: {} })).toMatchObject({ status: 'DRAFT' })
    await this.ready('mcp-manual', 'old-mcp-manual')
    await this.connected('mcp-manual', 'ada', { back: { iss: `${PROVIDER.url}/mcp-manual` } })
    await this.ready('installation', 'old-installation', {
      fields: { client_id: 'installation', client_secret: secretOf('installation'), private_key: pem },
    })
    await this.connected('installation', 'acme', { back: { installation_id: '42' } })
    await this.ready('anyone', 'old-lasting', { userVerification: 'NONE' })
    await this.connected('anyone', 'ada')
    // The longest name that there can be.
    await this.ready('l'.repeat(64), 'old-lasting')
    await this.connected('l'.repeat(64), 'ada')
    const visitor = new Visitor()
    const callback = await visitor.authorize(await this.server.link('playground', 'ada'))
    expect((await visitor.open(callback)).text).toContain('Connected')

    await this.ready('plain', 'old-plain')
    await this.imported('plain', 'imported', {
      refreshToken: 'rt.plain.imported.1',
      expiresAt: new Date(Date.now() + 3600_000).toISOString(),
      scopes: ['read'],
    })
    await this.imported('plain', 'without-refresh', {})
    await this.imported('plain', 'without-expiry')
    await this.imported('plain', 'ran-out', {
      refreshToken: 'rt.plain.ran-out.1',
      expiresAt: new Date(Date.now() - 3600_000).toISOString(),
    })
    this.untouched.add('plain/ran-out')
    await this.imported('plain', 'large', {
      accessToken: `at.plain.large-${'~!#$%&()*+,/:;<=>?@[]^`{|}'.repeat(60)}.1`,
    })
    // What the connection asks for now is more than its accounts have granted.
    await this.server.get(updateConnection, { connection: 'anyone', input: { scopes: ['read', 'more'] } })
    await this.ready('deleted', 'old-lasting')
    await this.imported('deleted', 'ada')
    await this.server.get(deleteConnection, { connection: 'deleted' })
  }

  async fetching() {
    await this.ready('app-client', 'old-app-client')
    await this.server.bring('app-client', 'ada', { tenant: 'acme' })
    await this.ready('own-client', 'old-own-client', { fields: {} })
    await this.server.bring('own-client', 'ada', { tenant: 'acme', client_id: 'ada', client_secret: secretOf('ada') })
    await this.ready('own-client-shared', 'old-own-client')
    await this.server.bring('own-client-shared', 'ada', { tenant: 'acme' })
    await this.ready('service-account', 'old-service-account', {
      fields: {
        service_account: JSON.stringify({
          private_key: pem,
          private_key_id: 'key-7',
          client_email: 'robot@old.example',
        }),
      },
    })
    await this.server.bring('service-account', 'ada', { subject: 'ada@example.com' })
    await this.ready('session', 'old-session', { fields: {} })
    await this.server.bring('session', 'ada', { user: 'ada', password: secretOf('ada') })
    await this.ready('aws-role', 'old-aws', {
      authMethod: 'role',
      fields: { access_key_id: 'AKIAOLD', secret_access_key: secretOf('aws') },
    })
    await this.server.bring('aws-role', 'ada', { role_arn: 'arn:aws:iam::123456789012:role/x', external_id: 'ext-1' })
  }

  async keys() {
    const bring = async (name: string, authMethod: string, fields: Fields, connector = 'old-keys') => {
      await this.ready(name, connector, { authMethod, fields: {} })
      await this.server.bring(name, 'ada', fields)
    }
    await bring('query', 'query', { api_key: secretOf('query') })
    await bring('bearer', 'bearer', { token: secretOf('bearer'), org: 'Äcme – 株式会社' })
    await bring('basic', 'basic', { user: 'ädä', password: `${secretOf('basic')}:with:colons` })
    await bring('values', 'values', {
      app: 'app',
      api_key: secretOf('values'),
      settings: '{"z": 1, "a": [true]}',
      live: 'true',
      plan: 'b',
    })
    await bring('digest', 'digest', { public_key: 'pub', private_key: secretOf('digest') })
    await bring('pair', 'pair', { user: 'ada', private_key: pem })
    await bring('open', 'open', {})
    await bring(
      'aws-keys',
      'keys',
      { access_key_id: 'AKIAOLD', secret_access_key: secretOf('aws'), region: 'eu-central-1' },
      'old-aws',
    )
    await bring('mcp-bearer', 'bearer', { token: secretOf('mcp') }, 'old-mcp-keys')
    await bring('mcp-open', 'open', {}, 'old-mcp-keys')
    await this.ready('sandbox', 'old-places', { fields: {} })
    await this.server.bring('sandbox', 'ada', { api_key: secretOf('sandbox') })
    await this.ready('live', 'old-places', { fields: { environment: 'live' } })
    await this.server.bring('live', 'ada', { api_key: secretOf('live') })
    await this.ready('odd-names', 'old-keys', { authMethod: 'query', fields: {} })
    for (const [index, identifier] of IDENTIFIERS.entries())
      await this.server.bring('odd-names', identifier, { api_key: `key-${index}` }, { metadata: { index } })
    const { id } = await this.server.account('odd-names', 'ada')
    await this.server.get(updateAccount, { id, input: { metadata: METADATA } })
  }

  // ── what becomes of them ──

  async statuses() {
    const { server, standIn } = this
    await server.get(createAccount, { input: { connection: 'lasting', identifier: 'expected' } })
    const declined = await server.leave('lasting', await server.link('lasting', 'declined'), 'declined', {
      back: { error: 'access_denied' },
    })
    const denial = new URL(declined.callback)
    denial.searchParams.delete('code')
    expect((await server.arrive(denial.href, declined.visitor)).text).toContain('Not connected')
    const refused = await this.connected('lasting', 'refused')
    standIn.gone.add('refused')
    await server.get(refreshAccount, { id: refused })
    for (const identifier of ['suspended', 'refused-and-suspended', 'granted-while-suspended'])
      await this.connected('lasting', identifier)
    standIn.gone.add('refused-and-suspended')
    await server.get(refreshAccount, { id: (await server.account('lasting', 'refused-and-suspended')).id })
    await server.get(createAccount, { input: { connection: 'lasting', identifier: 'expected-and-suspended' } })
    for (const identifier of [
      'suspended',
      'refused-and-suspended',
      'expected-and-suspended',
      'granted-while-suspended',
    ])
      await server.get(suspendAccount, { id: (await server.account('lasting', identifier)).id })
    await this.connected('lasting', 'granted-while-suspended')
    await server.get(disconnectAccount, { id: await this.connected('lasting', 'disconnected') })
    await server.get(disconnectAccount, { id: await this.connected('lasting', 'came-back') })
    await this.connected('lasting', 'came-back')
    await server.get(deleteAccount, { id: await this.connected('lasting', 'deleted') })
    const renewed = await this.connected('lasting', 'renewed')
    await this.connected('lasting', 'renewed')
    for (let i = 0; i < 3; i++) await server.get(refreshAccount, { id: renewed })
  }

  async connectionStates() {
    const { server, standIn } = this
    expect(await this.app('draft', 'old-lasting', { fields: { client_secret: secretOf('draft') } })).toMatchObject({
      status: 'DRAFT',
    })
    for (const name of ['disabled', 'misconfigured', 'paused', 'failing', 'doubted'])
      await this.ready(name, 'old-lasting')

    await this.connected('disabled', 'ada')
    await server.get(disableConnection, { connection: 'disabled' })

    const misconfigured = await this.connected('misconfigured', 'ada')
    standIn.moods.set('misconfigured', 'a stranger')
    expect(await server.refusal(refreshAccount, { id: misconfigured })).toBe('CONNECTION_UNAVAILABLE')

    const paused = await this.imported('paused', 'ada')
    standIn.moods.set('paused', 'busy')
    expect(await server.refusal(refreshAccount, { id: paused })).toBe('PROVIDER_UNAVAILABLE')

    // Outcomes that nobody knows: one that was renewed afterwards, and one that was not.
    for (const identifier of ['outcome-unknown', 'outcome-known-later']) {
      const id = await this.connected('lasting', identifier)
      standIn.moods.set('lasting', 'down')
      expect(await server.refusal(refreshAccount, { id })).toBe('PROVIDER_UNAVAILABLE')
      standIn.moods.delete('lasting')
      if (identifier === 'outcome-unknown') continue
      while ((await server.refusal(refreshAccount, { id })) === 'PROVIDER_UNAVAILABLE') await sleep(200)
    }

    await this.failing()
    await this.doubted()
  }

  /** A provider that answers to nothing, until the circuit opens (circuit.ts). */
  private async failing() {
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push(await this.imported('failing', `user-${i}`))
    this.standIn.moods.set('failing', 'down')
    const state = async () =>
      (
        await this.pool.query<{ failing: boolean; waiting: boolean }>(`
          select connection.failing, bool_or(lease.next_attempt_at > clock_timestamp()) is true as waiting
          from connection join connected_account account on account.connection_id = connection.id
            left join refresh_lease lease on lease.account_id = account.id
          where connection.name = 'failing' group by connection.failing`)
      ).rows[0]
    for (let turn = 0; !(await state())?.failing; turn++) {
      expect(turn).toBeLessThan(12)
      for (const id of ids) await this.server.refusal(refreshAccount, { id })
      while ((await state())?.waiting) await sleep(100)
    }
  }

  /** A provider that refuses so many grants at once that the next is not believed. */
  private async doubted() {
    const { server, standIn } = this
    const good = await this.imported('doubted', 'good')
    for (let i = 0; i < 15; i++) await server.get(refreshAccount, { id: good })
    const heldBack = async () =>
      (await this.pool.query('select from refresh_lease where refused_at is not null')).rowCount === 1
    for (let i = 0; !(await heldBack()); i++) {
      expect(i).toBeLessThan(12)
      const id = await this.imported('doubted', `refused-${i}`)
      standIn.gone.add(`refused-${i}`)
      await server.ask(refreshAccount, { id })
    }
  }

  // ── callers ──

  async callers() {
    const { server, record } = this
    const key = async (
      name: string,
      input: { permissions: Viewer['permissions']; connections?: string[]; identifiers?: string[]; expiresAt?: string },
    ) => {
      const { createApiKey: made } = await server.get(createApiKey, { input: { name, ...input } })
      const viewer = await server.viewer(made.secret)
      record.apiKeys.push({ name, secret: made.secret, viewer })
      return { id: made.apiKey.id, secret: made.secret }
    }
    const everything = await key('everything – “ключ” 🔑', { permissions: (await server.viewer()).permissions })
    await key('agent', {
      permissions: ['ACCOUNTS_READ', 'TOKENS_READ'],
      connections: ['lasting', 'odd-names'],
      identifiers: ['ada', 'o\'brien "the \\*', '100%*', 'tenant_7:*'],
    })
    await key('lasts', {
      permissions: ['CONNECTIONS_READ'],
      expiresAt: new Date(Date.now() + 365 * 24 * 3600_000).toISOString(),
    })
    const revoked = await key('revoked', { permissions: ['CONNECTIONS_READ'] })
    await key('expired', { permissions: ['CONNECTIONS_READ'], expiresAt: new Date(Date.now() + 5000).toISOString() })

    const session = async (name: string, of: string | undefined) => {
      const cookie = await server.signIn(of ?? sealing.adminKey)
      const { viewer } = await server.signedIn(cookie)
      if (!viewer) throw new Error('Nobody is signed in.')
      record.sessions.push({ name, cookie, viewer })
      return cookie
    }
    await session('admin', undefined)
    await session('key', everything.secret)
    await session('of a revoked key', revoked.secret)
    // One whose token was replaced, and one whose token is due.
    const replaced = await session('replaced', everything.secret)
    await this.pool.query(`
      update session set rotated_at = rotated_at - interval '2 hours'
      where created_at = (select max(created_at) from session)`)
    const { next } = await server.signedIn(replaced)
    if (!next) throw new Error('The token of a session was not replaced.')
    Object.assign(record.sessions.at(-1) ?? {}, { cookie: next })
    await session('due', everything.secret)
    await this.pool.query(`
      update session set rotated_at = rotated_at - interval '2 hours'
      where created_at = (select max(created_at) from session)`)
    await server.get(revokeApiKey, { id: revoked.id })
    for (const ended of record.apiKeys) if (['revoked', 'expired'].includes(ended.name)) ended.viewer = null
    for (const ended of record.sessions) if (ended.name === 'of a revoked key') ended.viewer = null
    await key('of a renamed connection', { permissions: ['CONNECTIONS_READ'], connections: ['digest', 'open'] })
    await server.get(updateConnection, { connection: 'digest', input: { name: 'digest-renamed' } })
    // The server may believe for two seconds what it has read of a key.
    const bound = record.apiKeys.at(-1)
    if (bound)
      while (!bound.viewer?.connections.includes('digest-renamed')) bound.viewer = await server.viewer(bound.secret)
    // Somebody is refused, and the log tells.
    expect(
      await server.refusal(
        createApiKey,
        { input: { name: 'x', permissions: ['KEYS_WRITE'] } },
        record.apiKeys[1]?.secret,
      ),
    ).toBe('FORBIDDEN')
  }

  // ── authorizations under way ──

  async verifications() {
    const { server, record } = this
    await this.ready('confirmed', 'old-lasting', { userVerification: 'APPLICATION' })
    const link = { verifyUrl: `${APPLICATION}/verify?tab=2`, state: 'a b&c' }
    const hold = async (name: string, identifier = name) => {
      const { url } = await server.authorize('confirmed', identifier, { link })
      const authorization = new URL(url).searchParams.get('authorization_id')
      if (!authorization) throw new Error(`No application was asked, at ${url}`)
      record.verifications.push({ name, authorization, connection: 'confirmed', identifier })
      return authorization
    }
    const verified = await hold('verified')
    await server.get(verifyAuthorization, { input: { authorization: verified, identifier: 'verified' } })
    const failed = await hold('failed')
    expect(await server.refusal(verifyAuthorization, { input: { authorization: failed, identifier: 'eve' } })).toBe(
      'USER_VERIFICATION_FAILED',
    )
    // An account that works, and goes on working while somebody has authorized anew.
    await hold('beside', 'verified')
    for (const name of ['right', 'right-at-the-old', 'wrong', 'late']) await hold(name)
  }

  async links() {
    const { server, record } = this
    const keep = async (name: string, connection: string, more: Parameters<Deployment['link']>[2] = {}) => {
      const identifier = `link-${name}`
      const { startAuthorization: link } = await server.get(startAuthorization, {
        input: { connection, identifier, expiresIn: 7 * 24 * 3600, ...more },
      })
      record.links.push({ name, url: link.url as string, connection, identifier })
      return { id: link.id, url: link.url as string }
    }
    await keep('open', 'lasting', { returnUrl: `${APPLICATION}/done?tab=2`, state: 'ünï & ‹code›' })
    await keep('open-at-the-old', 'lasting', {})
    await keep('playground', 'playground', {})
    await keep('form', 'basic', { fields: listed({ user: 'ädä' }) })
    await keep('scopes', 'code', { scopes: ['admin', 'read'], fields: listed({ workspace: 'acme' }) })
    const used = await keep('used', 'query')
    expect((await server.submit(used.url, { api_key: 'used' })).text).toContain('Connected')
    const revoked = await keep('revoked', 'lasting')
    await server.get(revokeLink, { id: revoked.id })
    const expired = await keep('expired', 'lasting')
    await this.pool.query(`
      update authorization_link set expires_at = now()
      where id = (select max(id::text)::uuid from authorization_link)`)
    expect((await server.submit(expired.url)).status).toBe(410)

    const away = async (
      name: string,
      connection: string,
      more: { fields?: Fields; back?: Fields; link?: Parameters<Deployment['link']>[2] } = {},
    ) => {
      const identifier = `away-${name}`
      const link = await server.link(connection, identifier, more.link)
      const { callback, visitor } = await server.leave(connection, link, identifier, more)
      record.away.push({ name, callback, cookies: visitor.kept(), connection, identifier })
      return { callback, visitor }
    }
    const code = {
      back: { realm: 'realm' },
      link: { fields: listed({ workspace: 'acme' }) },
      fields: { pin: secretOf('pin') },
    }
    await away('code', 'code', code)
    await away('code-at-the-old', 'code', code)
    await away('oauth1', 'oauth1')
    await away('mcp', 'mcp', { back: { iss: `${PROVIDER.url}/mcp` } })
    const back = await away('back', 'lasting')
    expect((await server.arrive(back.callback, back.visitor)).text).toContain('Connected')
    // Signed in at the playground, and asked for consent.
    const visitor = new Visitor()
    const signIn = await server.submit(await server.link('playground', 'away-playground'), {}, visitor)
    const consent = await visitor.open(signIn.url, { name: 'ada' })
    expect(consent.text).toContain('Allow access')
    record.away.push({
      name: 'playground',
      callback: consent.url,
      cookies: visitor.kept(),
      connection: 'playground',
      identifier: 'away-playground',
    })
  }

  // ── what servers that are killed leave ──

  private spool: Record<string, string> = {}

  async killed() {
    // Claimed and not sent: a lease and a slot are held by nobody.
    await this.die('P1', await this.connected('lasting', 'claimed'))
    // Answered and written down, not committed.
    const answered = await this.connected('lasting', 'answered')
    const left = path.join(this.server.data, 'spool')
    await this.die('P4', answered)
    for (const file of readdirSync(left)) this.spool[file] = readFileSync(path.join(left, file)).toString('base64')
    expect(Object.keys(this.spool)).toHaveLength(1)
    for (const identifier of ['claimed', 'answered']) this.untouched.add(`lasting/${identifier}`)
  }

  private async die(point: string, id: string) {
    writeFileSync(failpoint, point)
    await this.server.ask(refreshAccount, { id }).catch(() => null)
    expect(await this.server.process.exited).toMatchObject({ signal: 'SIGKILL' })
    expect(this.server.faults).toEqual([])
    this.server = await this.start()
  }

  // ── what the server answers ──

  async finish(): Promise<{ record: DumpRecord; sql: string }> {
    const { server } = this
    const agent = this.record.apiKeys.find(({ name }) => name === 'agent')?.secret
    for (const [connection, identifier] of [
      ['lasting', 'ada'],
      ['odd-names', 'ada'],
      ['lasting', 'refused'],
      ['odd-names', 'Ada'],
    ] as const)
      await server.ask(findCredential, { connection, identifier, purpose: 'für den Umzug – “ключ” 🔑' }, agent)
    const sources: DumpRecord['connectors'] = []
    for (const { key } of connectors as { key: string }[])
      sources.push({ key, source: (await server.get(readConnector, { key })).connector?.source ?? {} })
    const connections = await server.connections()
    const accounts = await server.accounts()
    // Last, or the server would end it.
    const { rowCount } = await this.pool.query(`
      update pending_verification set expires_at = now() - interval '1 second'
      where link_id = (
        select link.id from authorization_link link join connected_account account on account.id = account_id
        where identifier = 'late')`)
    expect(rowCount).toBe(1)
    await this.assertComplete({
      AuthType: connections.map(({ authMethod }) => authMethod.type),
      ConnectionStatus: connections.map(({ status }) => status),
      UserVerification: connections.map(({ userVerification }) => userVerification),
      ConnectedAccountStatus: accounts.map(({ status }) => status),
    })
    const { sql, dumpedAt } = await this.dump()
    // What is asked now is answered from the same rows, and leaves nothing in the dump.
    const tokens = new Map<string, DumpRecord['accounts'][number]['token']>()
    for (const { id, connection, identifier } of accounts)
      tokens.set(id, this.untouched.has(`${connection.name}/${identifier}`) ? null : await server.credential(id))
    return {
      sql,
      record: {
        note:
          `Made by make-dump.ts with the code of ${commit}. ` +
          'Its keys, tokens and secrets were made for it and open nothing else.',
        // In full: a short one may come to mean two.
        commit: execFileSync('git', ['rev-parse', commit], { encoding: 'utf8' }).trim(),
        dumpedAt: dumpedAt.toISOString(),
        publicKey,
        ...sealing,
        connections,
        accounts: accounts.map((account) => ({ ...account, token: tokens.get(account.id) ?? null })),
        connectors: sources,
        ...this.record,
        spool: this.spool,
      },
    }
  }

  /**
   * That nothing is left out which this version of the code knows.
   *
   * @param made by enumeration, which of its values there are
   */
  private async assertComplete(made: Record<string, string[]>) {
    for (const [name, values] of Object.entries(made)) {
      const { __type } = await this.server.get<{ __type: { enumValues: { name: string }[] } }, undefined>(
        `{ __type(name: "${name}") { enumValues { name } } }`,
      )
      expect([name, [...new Set(values)].sort()]).toEqual([name, __type.enumValues.map(({ name }) => name).sort()])
    }
    const { rows } = await this.pool.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    )
    for (const { name } of rows)
      expect([name, (await this.pool.query(`select from "${name}" limit 1`)).rowCount]).toEqual([name, 1])
  }

  /** As of one moment: the server is still running. */
  private async dump(): Promise<{ sql: string; dumpedAt: Date }> {
    const client = await this.pool.connect()
    try {
      await client.query('begin isolation level repeatable read')
      const { rows } = await client.query<{ now: Date }>("select date_trunc('milliseconds', now()) as now")
      const sql = await dumpOf(client)
      await client.query('commit')
      return { sql, dumpedAt: rows[0]?.now ?? new Date() }
    } finally {
      client.release()
    }
  }
}
