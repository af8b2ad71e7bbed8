/**
 * A database that an older version filled, after the migration: everything in it opens, and the older
 * version goes on working beside the present one (expand, then contract). How the dumps came about and
 * what is in them: upgrade/README.md.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { importSPKI, jwtVerify } from 'jose'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finding, verifyAuditLog } from '../src/audit/verify.js'
import { migrate, openOrm } from '../src/orm.js'
import { Keyring } from '../src/vault/key-wrapping.js'
import { Vault } from '../src/vault/vault.js'
import { Visitor } from './support/visitor.js'
import { freePort, newDatabase } from './support/world.js'
import { connectors } from './upgrade/connectors.js'
import { APPLICATION, type Credential, Deployment, listed } from './upgrade/deployment.js'
import {
  createAccount,
  createApiKey,
  createConnection,
  createConnector,
  deleteAccount,
  deleteConnection,
  disconnectAccount,
  enableConnection,
  findCredential,
  listApiKeys,
  listConnections,
  readConnector,
  readViewer,
  refreshAccount,
  resumeAccount,
  revokeApiKey,
  suspendAccount,
  updateAccount,
  updateConnection,
  updateConnector,
  verifyAuthorization,
} from './upgrade/documents.js'
import { dumpOf, emptyDatabase, restore } from './upgrade/dump.js'
import { oldBuild } from './upgrade/old-build.js'
import { type DumpRecord, dumps } from './upgrade/record.js'
import { PROVIDER, readToken, StandIn, secretOf } from './upgrade/stand-in.js'

/**
 * Milliseconds between the dump and its restoration, as the data see it:
 * longer than the lease of a process that died.
 */
const DOWNTIME = 75_000

/** Accounts that the dump's own end, or the first start, moves on. They have tests of their own. */
const MOVING = ['lasting/answered', 'confirmed/late', 'plain/warm']

/** Accounts whose refresh is in the way of something; they have tests of their own too. */
const HELD_UP = /^(paused|failing|doubted|misconfigured|disabled)\/|^lasting\/(claimed|answered|outcome-unknown)$/

const unscoped = (definition: Record<string, unknown> = {}) => ({
  ...definition,
  auth: (definition.auth as object[]).map((method) => ({ ...method, scopes: {} })),
})
const nameOf = ({ connection, identifier }: DumpRecord['accounts'][number]) => `${connection.name}/${identifier}`

describe.each(dumps())('the data of $commit', ({ commit, sql, record }) => {
  const folder = path.join(tmpdir(), `valetkey-upgrade-${commit}-${process.pid}`)
  let build: string
  let standIn: StandIn
  let pool: pg.Pool
  /** A server of the present code, and one of the old, on one database. */
  let present: Deployment
  let old: Deployment
  /** Milliseconds by which the times in the database are later than in the dump. */
  let shift: number
  /** The audit log as it was before the migration. */
  let audited: Record<string, unknown>[]

  // Another run of this test may have the stand-in's address for minutes.
  beforeAll(async () => {
    build = oldBuild(record.commit)
    standIn = await StandIn.open(record.publicKey, 'later')
    const url = await emptyDatabase()
    pool = new pg.Pool({ connectionString: url, max: 3 })
    shift = await restore(pool, sql, new Date(record.dumpedAt), DOWNTIME)
    audited = (await pool.query('select * from audit_event')).rows
    // It is running when the schema changes below it, and has prepared its statements.
    old = await Deployment.start(
      record,
      { DATABASE_URL: url, VALETKEY_DATA: path.join(folder, 'old') },
      { host: '127.0.0.1', port: await freePort() },
      build,
    )
    const oauth2 = { accessToken: 'at.plain.warm.1', refreshToken: 'rt.plain.warm.1' }
    const { createConnectedAccount: warm } = await old.get(createAccount, {
      input: { connection: 'plain', identifier: 'warm', oauth2 },
    })
    await old.get(refreshAccount, { id: warm.id })
    expect(await old.credential(warm.id)).toMatchObject({ accessToken: 'at.plain.warm.2' })
    const database = await openOrm(url)
    await migrate(database.orm, database.pool)
    await database.orm.close(true)
    const spool = path.join(folder, 'present', 'spool')
    mkdirSync(spool, { recursive: true })
    for (const [file, content] of Object.entries(record.spool))
      writeFileSync(path.join(spool, file), Buffer.from(content, 'base64'))
    present = await Deployment.start(record, { DATABASE_URL: url, VALETKEY_DATA: path.join(folder, 'present') })
  }, 360_000)

  afterAll(async () => {
    await Promise.all([present?.stop(), old?.stop()])
    standIn?.close()
    await pool?.end()
    for (const made of [folder, build]) if (made) rmSync(made, { recursive: true, force: true })
  })

  const both = () => [present, old]

  /** An answer as it would have been when the dump was made. */
  function then(value: unknown): unknown {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value))
      return new Date(Date.parse(value) - shift).toISOString()
    if (Array.isArray(value)) return value.map(then)
    if (value === null || typeof value !== 'object') return value
    // Sealed with the tokens: nothing moved these.
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, key === 'namedTokens' ? inner : then(inner)]),
    )
  }

  const idOf = (name: string) => {
    const account = record.accounts.find((one) => nameOf(one) === name)
    if (!account) throw new Error(`The dump has no ${name}.`)
    return account.id
  }
  const linkOf = (name: string) => named(record.links, name)
  const awayOf = (name: string) => named(record.away, name)
  const verificationOf = (name: string) => named(record.verifications, name)
  const keyOf = (name: string) => named(record.apiKeys, name).secret

  /** What an account's token says, and the refresh token that came with it. */
  async function tokenOf(server: Deployment, id: string) {
    const credential = await server.credential(id)
    if (credential.__typename !== 'OAuthToken') throw new Error(`This is no token: ${JSON.stringify(credential)}`)
    const { client, subject, n } = readToken(credential.accessToken)
    return { n, refresh: `rt.${client}.${subject}.${n}`, accessToken: credential.accessToken }
  }

  describe('is served by both as it was [T51]', () => {
    it('in a schema like that of a new database', async () => {
      const fresh = new pg.Pool({ connectionString: await newDatabase(), max: 1 })
      expect(await dumpOf(pool, false)).toBe(await dumpOf(fresh, false))
      await fresh.end()
    })

    it('every connection, with its status, its form and its redirect URI', async () => {
      for (const server of both()) expect(then(await server.connections())).toEqual(record.connections)
    })

    it('every account, with its status, scopes, identity, metadata and links', async () => {
      const expected = record.accounts.map(({ token: _, ...account }) => account)
      for (const server of both()) {
        const accounts = (await server.accounts()) as DumpRecord['accounts']
        const stays = (account: (typeof accounts)[number]) => !MOVING.includes(nameOf(account))
        expect(then(accounts.filter(stays))).toEqual((expected as typeof accounts).filter(stays))
      }
    })

    it('every credential: a token query answers what it answered', async () => {
      const { keys, others } = Object.groupBy(record.accounts, ({ token }) =>
        token?.__typename === 'KeyPairCredential' ? 'keys' : 'others',
      )
      for (const server of both()) {
        for (const account of others ?? []) {
          const { token } = account
          if (token)
            expect([nameOf(account), then(await server.credential(account.id))]).toEqual([nameOf(account), token])
        }
        // Signed anew for each query.
        for (const { id, token } of keys ?? []) {
          const now = (await server.credential(id)) as Extract<Credential, { __typename: 'KeyPairCredential' }>
          expect({ ...now, headers: [], expiresAt: null }).toEqual({ ...token, headers: [], expiresAt: null })
          const jwt = now.headers[0]?.value.replace('Bearer ', '') ?? ''
          const { payload } = await jwtVerify(jwt, await importSPKI(record.publicKey, 'ES256'))
          expect(payload).toMatchObject({ iss: 'ADA', exp: Date.parse(now.expiresAt as string) / 1000 })
        }
      }
      expect(
        record.accounts
          .filter(({ token }) => token === null)
          .map(nameOf)
          .sort(),
      ).toEqual(['lasting/answered', 'lasting/claimed', 'plain/ran-out'])
    })

    it('every API key, with what it may do and see; those that ended stay so', async () => {
      for (const server of both()) {
        for (const { secret, viewer } of record.apiKeys)
          if (viewer) expect(await server.viewer(secret)).toEqual(viewer)
          else expect(await server.refusal(readViewer, undefined, secret)).toBe('UNAUTHENTICATED')
        const agent = (identifier: string, connection = 'lasting') =>
          server.ask(findCredential, { connection, identifier }, keyOf('agent'))
        expect((await agent('ada')).data.connectedAccount?.token).toMatchObject({ accessToken: 'at.lasting.ada.1' })
        expect(
          (await agent('100% _under_ *star* [a-z]+ $1 {account.x}', 'odd-names')).data.connectedAccount,
        ).toBeTruthy()
        expect((await agent('renewed')).data.connectedAccount).toBeNull()
        expect((await agent('ada', 'named')).data.connectedAccount).toBeNull()
        expect(await server.refusal(listConnections, {}, keyOf('agent'))).toBe('FORBIDDEN')
        const { apiKeys } = await server.get(listApiKeys, {})
        expect(apiKeys.map(({ name }) => name).sort()).toEqual(record.apiKeys.map(({ name }) => name).sort())
      }
    })

    it('every session of the dashboard', async () => {
      for (const server of both())
        for (const { name, cookie, viewer } of record.sessions)
          if (name !== 'due') expect([name, (await server.signedIn(cookie)).viewer]).toEqual([name, viewer])
      // One whose cookie is to be replaced is given another, which is good at both.
      const due = named(record.sessions, 'due')
      const { viewer, next } = await present.signedIn(due.cookie)
      expect(viewer).toEqual(due.viewer)
      expect((await old.signedIn(next as string)).viewer).toEqual(due.viewer)
    })

    it('every custom connector, as its author wrote it', async () => {
      for (const server of both())
        for (const { key, source } of record.connectors) {
          const { connector } = await server.get(readConnector, { key })
          expect(connector?.origin).toBe('CUSTOM')
          // The order of the keys too.
          expect(JSON.stringify(connector?.source)).toBe(JSON.stringify(source))
        }
    })

    it('every audit event', async () => {
      const line = (event: Record<string, unknown>) =>
        JSON.stringify(['action', 'outcome', 'actor', 'connection', 'identifier', 'purpose'].map((key) => event[key]))
      const expected = audited.map((row) => [
        (row.at as Date).toISOString(),
        row.ip_address,
        (row.details as { request: string }).request,
        line(row),
      ])
      for (const server of both()) {
        const events = await server.auditEvents()
        const found = new Set(
          events.map((event) => JSON.stringify([event.at, event.ipAddress, event.details.request, line({ ...event })])),
        )
        expect(expected.filter((one) => !found.has(JSON.stringify(one)))).toEqual([])
      }
    })
  })

  describe('what was under way', () => {
    it('an answer that a killed process had written down is stored, and not asked for again', async () => {
      expect((await tokenOf(present, idOf('lasting/answered'))).accessToken).toBe('at.lasting.answered.2')
      expect(standIn.refreshTokens).not.toContain('rt.lasting.answered.1')
    })

    it('an open link leads through the provider, and back to the application', async () => {
      const { url, connection, identifier } = linkOf('open')
      const { callback, visitor } = await present.leave(connection, url, identifier)
      const end = new URL((await present.arrive(callback, visitor)).url)
      expect(end.href).toMatch(new RegExp(`^${APPLICATION}/done`))
      expect(Object.fromEntries(end.searchParams)).toEqual({
        tab: '2',
        status: 'ACTIVE',
        account: idOf(`${connection}/${identifier}`),
        state: 'ünï & ‹code›',
      })
      expect((await tokenOf(old, idOf('lasting/link-open'))).n).toBe(1)
    })

    it('one leads through the old server too, and the present one serves what it brought', async () => {
      const { url, connection, identifier } = linkOf('open-at-the-old')
      const { callback, visitor } = await old.leave(connection, url, identifier)
      expect((await old.arrive(callback, visitor)).text).toContain('Connected')
      expect((await tokenOf(present, idOf('lasting/link-open-at-the-old'))).n).toBe(1)
    })

    it('one leads through the playground', async () => {
      const visitor = new Visitor()
      expect((await visitor.open(await visitor.authorize(linkOf('playground').url))).text).toContain('Connected')
    })

    it('one asks for a key, and knows what it carries', async () => {
      const page = await present.submit(linkOf('form').url, { password: 'geheim' })
      expect(page.text).toContain('Connected')
      expect(await present.credential(idOf('basic/link-form'))).toMatchObject({ username: 'ädä', password: 'geheim' })
    })

    it('one asks for scopes of its own', async () => {
      const { url, connection, identifier } = linkOf('scopes')
      const { door, callback, visitor } = await present.leave(connection, url, identifier, { back: { realm: 'r' } })
      expect(door.searchParams.get('scope')).toBe('admin read')
      expect((await present.arrive(callback, visitor)).text).toContain('Connected')
    })

    it('links that are used, revoked or over stay so', async () => {
      for (const server of both())
        for (const name of ['used', 'revoked', 'expired'])
          expect([name, (await new Visitor().open(server.here(linkOf(name).url))).status]).toEqual([name, 410])
    })

    it.each([
      ['code', 'present', { __typename: 'OAuthToken', accessToken: 'at.code.away-code.1' }],
      ['code-at-the-old', 'old', { __typename: 'OAuthToken', accessToken: 'at.code.away-code-at-the-old.1' }],
      ['oauth1', 'present', { __typename: 'CustomCredential' }],
      ['mcp', 'present', { __typename: 'OAuthToken', accessToken: 'at.registered.away-mcp.1' }],
    ])(
      'a browser that is at a provider (%s) comes back to the %s server, and finds its luggage',
      async (name, where, token) => {
        const { callback, cookies, connection, identifier } = awayOf(name)
        const server = where === 'old' ? old : present
        expect((await server.arrive(callback, new Visitor())).text).not.toContain('Connected')
        expect((await server.arrive(callback, new Visitor(cookies))).text).toContain('Connected')
        const credential = await present.credential(idOf(`${connection}/${identifier}`))
        expect(credential).toMatchObject(token)
        if (connection === 'code' && credential.__typename === 'OAuthToken')
          expect(credential.headers).toEqual(
            expect.arrayContaining([
              { name: 'x-pin', value: secretOf('pin') },
              { name: 'x-realm', value: 'realm' },
            ]),
          )
      },
    )

    it('a browser that was back is not taken again', async () => {
      const { callback, cookies } = awayOf('back')
      expect((await present.arrive(callback, new Visitor(cookies))).status).toBe(409)
    })

    it('a browser that is asked for consent at the playground gives it', async () => {
      const { callback: consent, cookies, identifier } = awayOf('playground')
      const visitor = new Visitor(cookies)
      const { url } = await visitor.open(consent, { act: 'allow' }, (next) => next.includes('/oauth/callback/'))
      expect((await visitor.open(url)).text).toContain('Connected')
      expect(await old.credential(idOf(`playground/${identifier}`))).toMatchObject({ __typename: 'OAuthToken' })
    })

    it.each([
      ['right', 'present'],
      ['right-at-the-old', 'old'],
      ['beside', 'present'],
      ['verified', 'present'],
    ])('an authorization (%s) is verified at the %s server, and counts', async (name, where) => {
      const { authorization, connection, identifier } = verificationOf(name)
      const server = where === 'old' ? old : present
      const { verifyAuthorization: account } = await server.get(verifyAuthorization, {
        input: { authorization, identifier },
      })
      expect(account).toEqual({ id: idOf(`${connection}/${identifier}`), status: 'ACTIVE' })
      for (const reader of both()) expect((await tokenOf(reader, account.id)).n).toBe(1)
    })

    it.each([['wrong'], ['late'], ['failed']])('an authorization (%s) ends, and is given back', async (name) => {
      const { authorization, connection, identifier } = verificationOf(name)
      const said = name === 'wrong' ? 'eve' : identifier
      expect(await present.refusal(verifyAuthorization, { input: { authorization, identifier: said } })).toBe(
        'USER_VERIFICATION_FAILED',
      )
      expect(await present.account(connection, identifier)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
      if (name !== 'failed') await expect.poll(() => standIn.revoked).toContain(`rt.confirmed.${identifier}.1`)
    })
  })

  describe('is renewed by both in turn', () => {
    const tokens = record.accounts.flatMap((account) =>
      account.token?.__typename === 'OAuthToken' && !HELD_UP.test(nameOf(account))
        ? [{ name: nameOf(account), id: account.id, token: account.token.accessToken }]
        : [],
    )

    it.each(
      tokens.filter(({ name, token }) => readToken(token).n > 0 && !/^plain\/(without-refresh|large)$/.test(name)),
    )('$name: the provider gets the very refresh token, and the secret of the app', async ({ id }) => {
      const before = await tokenOf(present, id)
      await present.get(refreshAccount, { id })
      await old.get(refreshAccount, { id })
      const next = before.refresh.replace(/\d+$/, (n) => String(Number(n) + 1))
      expect(standIn.refreshTokens).toEqual(expect.arrayContaining([before.refresh, next]))
      for (const server of both()) expect((await tokenOf(server, id)).n).toBe(before.n + 2)
    })

    it.each(tokens.filter(({ token }) => /-made-\d+$/.test(token)))(
      '$name: fetched again with what is sealed',
      async ({ id, token }) => {
        const fetched = new RegExp(`^${token.replace(/made-\d+$/, '')}later-\\d+$`)
        for (const server of both()) {
          await server.get(refreshAccount, { id })
          for (const reader of both())
            expect(await reader.credential(id)).toMatchObject({ accessToken: expect.stringMatching(fetched) })
        }
      },
    )

    it('an AWS session, with the keys of the connection', async () => {
      for (const server of both()) {
        await server.get(refreshAccount, { id: idOf('aws-role/ada') })
        expect(await present.credential(idOf('aws-role/ada'))).toMatchObject({
          sessionToken: expect.stringMatching(/^aws-later-\d+$/),
        })
      }
    })

    it('a grant of the playground, which ends one whose refresh token is used twice', async () => {
      const id = idOf('playground/ada')
      const seen = new Set<string>()
      for (const server of [present, old, present, old]) {
        await server.get(refreshAccount, { id })
        const credential = await present.credential(id)
        if (credential.__typename !== 'OAuthToken') throw new Error(`The grant is over: ${JSON.stringify(credential)}`)
        seen.add(credential.accessToken)
      }
      expect(seen.size).toBe(4)
    })

    it('a token that has run out is renewed by the query that needs it', async () => {
      expect((await tokenOf(old, idOf('plain/ran-out'))).accessToken).toBe('at.plain.ran-out.2')
      expect(standIn.refreshTokens).toContain('rt.plain.ran-out.1')
      expect((await tokenOf(present, idOf('plain/ran-out'))).accessToken).toBe('at.plain.ran-out.2')
    })

    it('an import without a refresh token cannot be', async () => {
      const { refreshConnectedAccount: account } = await present.get(refreshAccount, {
        id: idOf('plain/without-refresh'),
      })
      expect(account.status).toBe('REAUTHORIZATION_REQUIRED')
      expect(await old.credential(idOf('plain/without-refresh'))).toMatchObject({ __typename: 'AuthorizationRequired' })
    })

    it.each([
      ['claimed', 'the lease of a process that was killed has lapsed'],
      ['outcome-unknown', 'an outcome that nobody knows is found out'],
    ])('lasting/%s: %s', async (identifier) => {
      const id = idOf(`lasting/${identifier}`)
      await expect.poll(() => present.refusal(refreshAccount, { id }), { timeout: 25_000 }).toBeUndefined()
      expect(standIn.refreshTokens).toContain(`rt.lasting.${identifier}.1`)
      expect((await tokenOf(old, id)).n).toBe(2)
    })

    it('a provider that answered to nothing is tried, and answers', async () => {
      for (const [index, server] of both().entries()) {
        const id = idOf(`failing/user-${index}`)
        await expect.poll(() => server.refusal(refreshAccount, { id }), { timeout: 25_000 }).toBeUndefined()
        expect((await tokenOf(server, id)).n).toBe(2)
      }
    })

    it('a provider that asked for an hour is left alone, by both', async () => {
      for (const server of both())
        expect(await server.refusal(refreshAccount, { id: idOf('paused/ada') })).toBe('PROVIDER_UNAVAILABLE')
      expect(standIn.refreshTokens).not.toContain('rt.paused.ada.1')
    })

    it('a refusal that is doubted is still held back, by both', async () => {
      const held = record.accounts.find(
        (account) => /^doubted\/refused/.test(nameOf(account)) && account.status === 'ACTIVE',
      )
      const id = held?.id ?? ''
      for (const server of both()) {
        expect(await server.refusal(refreshAccount, { id })).toBe('PROVIDER_UNAVAILABLE')
        expect((await tokenOf(server, id)).n).toBe(1)
      }
    })

    it('a connection whose app was refused is mended, when the provider takes its secret', async () => {
      await present.get(refreshAccount, { id: idOf('misconfigured/ada') })
      for (const server of both())
        expect((await server.connections()).find(({ name }) => name === 'misconfigured')).toMatchObject({
          status: 'ACTIVE',
          problem: null,
        })
      expect(standIn.refreshTokens).toContain('rt.misconfigured.ada.1')
    })
  })

  describe('what was held up goes on', () => {
    it('a connection that was off is switched on, and its accounts open', async () => {
      await present.get(enableConnection, { connection: 'disabled' })
      for (const server of both()) expect((await tokenOf(server, idOf('disabled/ada'))).n).toBe(1)
    })

    it.each([
      ['draft', {}],
      ['mcp-draft', { iss: `${PROVIDER.url}/mcp-manual` }],
    ])('the connection %s is filled in, and keeps the secret that it has', async (connection, back) => {
      const secret: Record<string, string> = connection === 'draft' ? {} : { client_secret: secretOf(connection) }
      const { updateConnection: updated } = await present.get(updateConnection, {
        connection,
        input: { fields: listed({ client_id: connection, ...secret }) },
      })
      expect(updated.status).toBe('ACTIVE')
      expect((await old.authorize(connection, 'ada', { back })).text).toContain('Connected')
    })

    it.each([
      ['suspended', 'ACTIVE'],
      ['granted-while-suspended', 'ACTIVE'],
      ['refused-and-suspended', 'REAUTHORIZATION_REQUIRED'],
      ['expected-and-suspended', 'PENDING_AUTHORIZATION'],
    ])('the account %s is resumed, and is what it was', async (identifier, status) => {
      const id = idOf(`lasting/${identifier}`)
      expect((await present.get(resumeAccount, { id })).resumeConnectedAccount.status).toBe(status)
      if (status === 'ACTIVE') for (const server of both()) expect((await tokenOf(server, id)).n).toBe(1)
      else expect(await old.credential(id)).toMatchObject({ __typename: 'AuthorizationRequired', status })
    })

    it.each([['refused'], ['disconnected'], ['declined'], ['expected']])(
      'the account %s is authorized again',
      async (identifier) => {
        standIn.gone.delete(identifier)
        expect((await present.authorize('lasting', identifier)).text).toContain('Connected')
        for (const server of both()) expect((await tokenOf(server, idOf(`lasting/${identifier}`))).n).toBe(1)
      },
    )

    it.each([
      ['without-pin', 'present'],
      ['away-code', 'old'],
    ])('code/%s is disconnected at the %s server, and the provider gets its token back', async (identifier, where) => {
      const id = idOf(`code/${identifier}`)
      const { refresh } = await tokenOf(present, id)
      const server = where === 'old' ? old : present
      const { disconnectConnectedAccount: ended } = await server.get(disconnectAccount, { id })
      expect(ended.revocation).toBe('REVOKED')
      expect(standIn.revoked).toContain(refresh)
    })
  })

  /** Each is the writer once, and the other one the reader. */
  describe.each(['the old server', 'the present server'])('what %s writes, the other one sees', (writes) => {
    const writer = () => (writes === 'the old server' ? old : present)
    const reader = () => (writes === 'the old server' ? present : old)
    const suffix = writes === 'the old server' ? 'old' : 'new'

    it('accounts, their secrets, metadata and statuses, and their end', async () => {
      const account = await writer().bring('query', `by-${suffix}`, { api_key: 'key-1' }, { metadata: { n: 1 } })
      expect(await reader().credential(account.id)).toMatchObject({ apiKey: 'key-1' })
      await reader().get(updateAccount, { id: account.id, input: { fields: listed({ api_key: 'key-2' }) } })
      const { updateConnectedAccount: updated } = await writer().get(updateAccount, {
        id: account.id,
        input: { metadata: { n: 2 } },
      })
      expect(updated).toMatchObject({ status: 'ACTIVE', metadata: { n: 2 } })
      expect(await writer().credential(account.id)).toMatchObject({ apiKey: 'key-2' })
      await writer().get(suspendAccount, { id: account.id })
      expect(await reader().credential(account.id)).toMatchObject({ status: 'SUSPENDED' })
      await reader().get(resumeAccount, { id: account.id })
      await writer().get(deleteAccount, { id: account.id })
      const { connectedAccount } = await reader().get(findCredential, {
        connection: 'query',
        identifier: `by-${suffix}`,
      })
      expect(connectedAccount).toBeNull()
    })

    it('a change of status, at once, to whoever watches', async () => {
      const stop = new AbortController()
      const { id } = await writer().bring('open', `watched-${suffix}`, {})
      const heard = reader().watch('open', `watched-${suffix}`, stop.signal)
      expect((await heard.next()).value).toBe('ACTIVE')
      await writer().get(suspendAccount, { id })
      expect((await heard.next()).value).toBe('SUSPENDED')
      stop.abort()
    })

    it('a connector and a connection, with users who go away at one and come back at the other', async () => {
      // Without scopes: what a call needs of them has to be said now, in a word that the version before did not know.
      const definition = unscoped(connectors.find(({ key }) => key === 'old-lasting'))
      const key = `by-${suffix}`
      await writer().get(createConnector, { definition: { ...definition, key } })
      await writer().get(createConnection, {
        input: { connector: key, name: key, fields: listed({ client_id: key, client_secret: secretOf(key) }) },
      })
      // Other replicas look for new connectors every second.
      await expect.poll(async () => (await reader().get(readConnector, { key })).connector?.key).toBe(key)
      const link = await writer().link(key, 'ada')
      const { callback, visitor } = await reader().leave(key, link, 'ada')
      expect((await writer().arrive(callback, visitor)).text).toContain('Connected')
      const { id } = await reader().account(key, 'ada')
      await reader().get(refreshAccount, { id })
      expect((await tokenOf(writer(), id)).n).toBe(2)
      await writer().get(deleteConnection, { connection: key })
      // A job may take it away, some time later.
      await expect
        .poll(async () => (await reader().connections()).map(({ name }) => name), { timeout: 20_000 })
        .not.toContain(key)
      await writer().get(updateConnector, { key, definition: { ...definition, key, name: 'Renamed' } })
      await expect
        .poll(async () => (await reader().get(readConnector, { key })).connector?.source)
        .toMatchObject({ name: 'Renamed' })
    })

    it('an authorization that waits for the application', async () => {
      const identifier = `verified-by-${suffix}`
      const link = { verifyUrl: `${APPLICATION}/verify` }
      const { url } = await writer().authorize('confirmed', identifier, { link })
      const authorization = new URL(url).searchParams.get('authorization_id') ?? ''
      const { verifyAuthorization: account } = await reader().get(verifyAuthorization, {
        input: { authorization, identifier },
      })
      expect((await tokenOf(writer(), account.id)).n).toBe(1)
    })

    it('a key and a session, and their end', async () => {
      const { createApiKey: made } = await writer().get(createApiKey, {
        input: { name: `by ${suffix}`, permissions: ['CONNECTIONS_READ'] },
      })
      expect(await reader().viewer(made.secret)).toMatchObject({ name: `by ${suffix}` })
      const cookie = await writer().signIn(made.secret)
      expect((await reader().signedIn(cookie)).viewer).toMatchObject({ name: `by ${suffix}` })
      await writer().get(revokeApiKey, { id: made.apiKey.id })
      // A replica may believe for two seconds what it has read.
      await expect.poll(() => reader().refusal(readViewer, undefined, made.secret)).toBe('UNAUTHENTICATED')
      expect((await reader().signedIn(cookie)).viewer).toBeNull()
    })

    it('its records in the audit log', async () => {
      const purpose = `asked at ${writes}`
      await writer().get(findCredential, { connection: 'query', identifier: 'ada', purpose })
      for (const server of both()) {
        const events = await server.auditEvents()
        expect(events.filter((event) => event.purpose === purpose)).toMatchObject([
          { action: 'token.read', outcome: 'SUCCEEDED', actor: 'admin', connection: 'query', identifier: 'ada' },
        ])
        const acts = events.filter((event) => event.identifier?.endsWith(`by-${suffix}`)).map(({ action }) => action)
        expect(new Set(acts)).toEqual(
          new Set([
            'account.created',
            'account.imported',
            'account.updated',
            'account.suspended',
            'account.resumed',
            'account.deleted',
            'token.read',
            'link.created',
            'account.authorized',
            'account.verified',
          ]),
        )
      }
    })
  })

  describe('in all this', () => {
    it('both ask at once, and no refresh token is sent twice [T51]', async () => {
      const id = idOf('plain/imported')
      const before = (await tokenOf(present, id)).n
      for (let turn = 0; turn < 5; turn++)
        await Promise.all([...both(), ...both()].map((server) => server.get(refreshAccount, { id })))
      expect((await tokenOf(old, id)).n).toBe((await tokenOf(present, id)).n)
      expect((await tokenOf(present, id)).n).toBeGreaterThanOrEqual(before + 5)
      expect(standIn.refreshTokens.length).toBe(new Set(standIn.refreshTokens).size)
    })

    it('every record of before and of both is sealed into one chain', async () => {
      const keys = record.encryptionKeys.split(',').map((text) => {
        const [id = '', key = ''] = text.split(':')
        return { id, key: Buffer.from(key, 'base64') }
      })
      const { orm } = await openOrm(`${pool.options.connectionString}`)
      const vault = await Vault.open(orm, new Keyring(keys))
      const look = async () => {
        const findings: Finding[] = []
        const found = await verifyAuditLog(pool, vault.authenticationKey.bind(vault), [], (one) => findings.push(one))
        return { findings, waiting: found.waiting, missed: (await count()) - found.events }
      }
      const count = async () => (await pool.query('select count(*)::int as n from audit_event')).rows[0].n as number
      await expect.poll(look).toEqual({ findings: [], waiting: 0, missed: 0 })
      await orm.close(true)
    })

    it('both are ready, and neither has a fault in its log', async () => {
      for (const server of both()) {
        expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
        expect(server.faults).toEqual([])
      }
    })
  })
})

function named<T extends { name: string }>(list: T[], name: string): T {
  const found = list.find((one) => one.name === name)
  if (!found) throw new Error(`The dump has no ${name}.`)
  return found
}
