/**
 * Where "no token is lost" is tested: server processes on one PostgreSQL, a provider that knows what
 * it gave to whom, and accounts whose access tokens have expired. An account is not lost if the token
 * that it gives works at the provider, and its stored refresh token works for one more refresh.
 *
 * `npm run test:faults` runs the long forms (FAULTS=long) and prints the table that the tests add to.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { graphql } from '../generated/gql.js'
import { createConnection, importTokens, readToken } from '../support/documents.js'
import { ServerProcess } from '../support/process.js'
import { createConnector } from '../support/workshop.js'
import { encryptionKeys, freePort, newDatabase, post } from '../support/world.js'
import { OracleProvider } from './provider.js'

export const readStatus = graphql(`
  query StatusOf($connection: ID!, $identifier: String!) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      status
      statusReason
      lastRefresh { succeeded providerError }
    }
  }
`)

const readConnector = graphql(`
  query OracleConnector($key: ID!) {
    connector(key: $key) { key }
  }
`)

export const long = process.env.FAULTS === 'long'
/** How often something is done, in the long form and in the short one. */
export const times = (inLong: number, inShort: number) => (long ? inLong : inShort)

/** Adds a line to the table. */
export function report(scenario: string, target: string, result: string) {
  if (process.env.FAULTS_TABLE)
    appendFileSync(process.env.FAULTS_TABLE, `${JSON.stringify({ scenario, target, result })}\n`)
}

export interface Account {
  connection: string
  identifier: string
  /** The refresh token that the account began with. */
  refreshToken: string
}

export class FaultLab {
  readonly adminKey = `faults-admin-${randomBytes(24).toString('hex')}`
  readonly data = path.join(tmpdir(), `valetkey-faults-${randomUUID()}`)
  /** The file that names the point at which the next server to reach it kills itself. */
  private readonly failpoint = path.join(tmpdir(), `valetkey-failpoint-${randomUUID()}`)
  readonly servers: ServerProcess[] = []
  readonly environments: Record<string, string>[] = []
  private accounts = 0
  private turn = 0

  private constructor(
    readonly provider: OracleProvider,
    readonly database: pg.Pool,
    readonly connections: string[],
  ) {}

  /**
   * @param grace seconds for which the provider takes a used refresh token again; 0 for a strict provider
   * @param connections how many connections to the provider are created
   * @param env more environment variables for every server
   * @param databaseUrl a database of its own by default
   */
  static async open({
    replicas = 1,
    grace = 0,
    connections = 1,
    env = {},
    databaseUrl,
  }: {
    replicas?: number
    grace?: number
    connections?: number
    env?: Record<string, string>
    databaseUrl?: string
  } = {}) {
    const url = databaseUrl ?? (await newDatabase())
    const provider = await OracleProvider.open(grace)
    const database = new pg.Pool({ connectionString: url, max: 2 })
    database.on('error', () => {})
    const lab = new FaultLab(provider, database, [])
    for (let i = 0; i < replicas; i++) {
      const port = String(await freePort())
      lab.environments.push({
        PORT: port,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        DATABASE_URL: url,
        VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
        VALETKEY_ADMIN_KEY: lab.adminKey,
        VALETKEY_ALLOW_PRIVATE_NETWORK: 'on',
        // Each replica has a spool folder of its own, and stores only answers from there.
        VALETKEY_DATA: path.join(lab.data, String(i)),
        VALETKEY_FAILPOINT: lab.failpoint,
        VALETKEY_PLAYGROUND: 'off',
        LOG_LEVEL: 'warn',
        ...env,
      })
    }
    await Promise.all(lab.environments.map((_, index) => lab.start(index)))
    const definition = {
      schema: 1,
      key: 'oracle',
      name: 'Oracle',
      categories: ['testing'],
      auth: [
        {
          id: 'oauth',
          type: 'oauth2',
          grant: 'authorization_code',
          discovery: `${provider.issuer}/.well-known/openid-configuration`,
          scopes: { required: ['openid'], default: ['offline_access'] },
          token: { clientAuth: 'basic' },
          ...(grace > 0 ? { refresh: { reuseGraceSeconds: grace } } : {}),
        },
      ],
    }
    await lab.ask(createConnector, { definition }, 0)
    const fields = [
      { key: 'client_id', value: 'app' },
      { key: 'client_secret', value: 'app-secret-of-at-least-32-characters' },
    ]
    for (let i = 0; i < connections; i++) {
      const name = `oracle-${i}`
      const { errors } = await lab.ask(createConnection, { input: { connector: 'oracle', name, fields } }, 0)
      if (errors) throw new Error(errors[0]?.message)
      lab.connections.push(name)
    }
    // The other replicas look for new connectors every second.
    for (const [replica] of lab.environments.entries())
      while ((await lab.ask(readConnector, { key: 'oracle' }, replica)).data.connector === null) await sleep(50)
    return lab
  }

  async close() {
    await Promise.all(this.servers.map((server) => server.signal('SIGTERM')))
    await this.database.end()
    this.provider.close()
    rmSync(this.data, { recursive: true, force: true })
    rmSync(this.failpoint, { force: true })
  }

  /** Starts a replica in the place of the previous one. */
  async start(index = 0) {
    this.servers[index] = await new ServerProcess(this.environments[index] as Record<string, string>).ready()
  }

  dieAt(point: string) {
    writeFileSync(this.failpoint, point)
  }

  /**
   * Creates accounts with a grant at the provider and an expired access token.
   *
   * @param on the connection of all of them; without it they are spread over the connections in turn
   */
  async stale(count: number, on?: string): Promise<Account[]> {
    const made: Account[] = []
    for (let at = 0; at < count; at += 20) {
      made.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(20, count - at) }, async () => {
            const connection = on ?? (this.connections[this.accounts % this.connections.length] as string)
            const identifier = `user-${++this.accounts}`
            const { refreshToken } = await this.provider.grant()
            const oauth2 = {
              accessToken: 'ran-out',
              refreshToken,
              expiresAt: new Date(Date.now() - 60_000).toISOString(),
              scopes: ['openid', 'offline_access'],
            }
            const { errors } = await this.ask(importTokens, { input: { connection, identifier, oauth2 } })
            if (errors) throw new Error(errors[0]?.message)
            return { connection, identifier, refreshToken }
          }),
        )),
      )
    }
    await this.expire(made)
    return made
  }

  async expire(accounts: Account[]) {
    await this.database.query(
      `update credential set expires_at = now() - interval '1 second', obtained_at = now() - interval '1 hour'
       from connected_account a where a.id = account_id and a.identifier = any($1)`,
      [accounts.map(({ identifier }) => identifier)],
    )
  }

  /** As if a quarter of an hour had passed: ends leases of dead servers, pauses, and doubts about refusals. */
  async lapse() {
    await this.database.query("update refresh_lease set until = now() - interval '1 minute' where until > now()")
    await this.database.query("update refresh_slot set until = now() - interval '1 minute' where until > now()")
    await this.database.query(
      "update refresh_lease set next_attempt_at = null, refused_at = refused_at - interval '15 minutes'",
    )
    await this.database.query('update connection set paused_until = null')
  }

  /** Asks one replica, or each in turn. */
  ask<T, V>(
    document: Parameters<typeof post<T, V>>[1],
    variables: V,
    replica = this.turn++ % this.environments.length,
  ) {
    return post(this.environments[replica]?.PUBLIC_URL as string, document, variables, this.adminKey)
  }

  async token({ connection, identifier }: Account, replica?: number) {
    const { data } = await this.ask(readToken, { connection, identifier }, replica)
    return data.connectedAccount?.token
  }

  /** Asks as an agent does: again while it is told to wait, or while no server answers. */
  async patiently(account: Account, milliseconds = 30_000) {
    for (const end = Date.now() + milliseconds; Date.now() < end; ) {
      const answer = await this.token(account).catch(() => null)
      if (answer && answer.__typename !== 'ProviderUnavailable') return answer
      await sleep(100)
    }
    return null
  }

  /** Whether the account still works: its token, and one more refresh. */
  async alive(account: Account, patience = 30_000): Promise<boolean> {
    const first = await this.patiently(account, patience)
    if (first?.__typename !== 'OAuthToken' || !(await this.provider.takes(first.accessToken))) return false
    await this.expire([account])
    const second = await this.patiently(account)
    return (
      second?.__typename === 'OAuthToken' &&
      second.accessToken !== first.accessToken &&
      (await this.provider.takes(second.accessToken))
    )
  }

  /**
   * Whether the account reports that its grant is lost, with a reason. While the refusal is doubted, it is asked again
   * as if a quarter of an hour had passed.
   */
  async flagged(account: Account, again = true): Promise<boolean> {
    const { connection, identifier } = account
    const { data } = await this.ask(readStatus, { connection, identifier })
    if (again && data.connectedAccount?.status === 'ACTIVE') {
      await this.lapse()
      await this.patiently(account)
      return this.flagged(account, false)
    }
    return data.connectedAccount?.status === 'REAUTHORIZATION_REQUIRED' && Boolean(data.connectedAccount.statusReason)
  }

  /**
   * Counts the lost ones of `accounts`, and those of them that do not report it.
   *
   * @param patience milliseconds for which a token is waited for
   */
  async losses(accounts: Account[], patience?: number): Promise<{ lost: number; silent: number }> {
    const found = { lost: 0, silent: 0 }
    for (let at = 0; at < accounts.length; at += 10) {
      await Promise.all(
        accounts.slice(at, at + 10).map(async (account) => {
          if (await this.alive(account, patience)) return
          found.lost += 1
          if (!(await this.flagged(account))) found.silent += 1
        }),
      )
    }
    return found
  }
}
