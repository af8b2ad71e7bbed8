/**
 * Reads credentials. All token queries of one turn of the event loop share one statement, which returns
 * the account, its connection and the encrypted credential. The statement is prepared, and MikroORM only
 * maps its rows: to have it build the query each time cost several times as much as the rest of the query.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import type { Pool } from 'pg'
import { ONE_TURN } from '../batches.js'
import { clock } from '../clock.js'
import { type AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import { Connection } from '../connections/connection.js'
import type { Registration } from '../connections/registration.js'
import { fromTypeId } from '../ids.js'
import type { StoredTokens } from '../oauth/token-endpoint/token-set.js'
import type { Vault } from '../vault/vault.js'
import { type AccessSecret, openAccess, openCredential } from './credential.secret.js'

/** The columns that a token query needs; `remaining`, `age` and `lifetime` in seconds by the database's clock. */
export interface StoredCredential extends Registration {
  account_id: string
  version: number
  access: Buffer
  status: AccountStatus
  reason: string | null
  granted: string[]
  expires_at: string | null
  remaining: number | null
  age: number
  lifetime: number | null
  /** Two things that the provider said contradict each other: the token is tried before it is handed out. */
  doubted: boolean
}

/** A decrypted credential with its refresh token. Only a refresh may use it. */
export interface OpenedCredential {
  version: number
  tokens: StoredTokens
  access: AccessSecret
  /** Of the app and addresses that the tokens were given to. */
  registration: Registration
  /** The version that the refresh consumed which wrote this one; null where a user's authorization did. */
  parentVersion: number | null
}

interface Lookup {
  connectionName: string | null
  connectionUuid: string | null
  identifier: string
}

type Row = StoredCredential & {
  number: number
  account: Record<string, unknown>
  connection: Record<string, unknown>
}

const CREDENTIAL = `
  credential.account_id, credential.version, credential.access,
  credential.registration as app, credential.destinations,
  account.status, account.status_reason as reason, account.granted_scopes as granted, credential.expires_at,
  extract(epoch from credential.expires_at - clock_timestamp())::float8 as remaining,
  extract(epoch from clock_timestamp() - credential.obtained_at)::float8 as age,
  extract(epoch from credential.expires_at - credential.obtained_at)::float8 as lifetime,
  coalesce(lease.doubted, false) as doubted`

const FOUND = `lookup.number::int as number, to_jsonb(account) as account, to_jsonb(connection) as connection`

const FIND = `
  select ${FOUND}, ${CREDENTIAL}
  from unnest($1::text[], $2::uuid[], $3::text[])
    with ordinality as lookup (connection_name, connection_id, identifier, number)
  join connection on connection.name = lookup.connection_name or connection.id = lookup.connection_id
  join connected_account account on account.connection_id = connection.id and account.identifier = lookup.identifier
  left join credential on credential.account_id = account.id
  left join refresh_lease lease on lease.account_id = account.id`

const FIND_BY_ID = `
  select ${FOUND}, ${CREDENTIAL}
  from unnest($1::uuid[]) with ordinality as lookup (account_id, number)
  join connected_account account on account.id = lookup.account_id
  join connection on connection.id = account.connection_id
  left join credential on credential.account_id = account.id
  left join refresh_lease lease on lease.account_id = account.id`

const READ = `
  select to_jsonb(account) as account, ${CREDENTIAL}
  from connected_account account left join credential on credential.account_id = account.id
  left join refresh_lease lease on lease.account_id = account.id
  where account.id = $1`

/** Reads and decrypts stored credentials. */
export class StoredCredentials {
  private readonly batch: DataLoader<Lookup, Row | null>
  private readonly batchById: DataLoader<string, Row | null>
  /** Credentials that `find` read together with an account, until `of` takes them. */
  private readonly loadedWith = new WeakMap<ConnectedAccount, StoredCredential | null>()

  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
  ) {
    this.batch = new DataLoader((lookups) => this.findAll(lookups), ONE_TURN)
    this.batchById = new DataLoader((uuids) => this.findAllById(uuids), ONE_TURN)
  }

  /** @returns the account with its connection loaded, managed by `em`; null where there is none */
  async find(em: EntityManager, connectionNameOrId: string, identifier: string): Promise<ConnectedAccount | null> {
    const connectionUuid = fromTypeId('conn', connectionNameOrId)
    const connectionName = connectionUuid ? null : connectionNameOrId
    return this.managed(em, await this.batch.load({ connectionName, connectionUuid, identifier }))
  }

  /** The same by the account's uuid. */
  async findById(em: EntityManager, uuid: string): Promise<ConnectedAccount | null> {
    return this.managed(em, await this.batchById.load(uuid))
  }

  /** The account of a user who never began: it is stored nowhere, and has no credential. */
  ofNobody(connection: Connection, identifier: string): ConnectedAccount {
    const account = new ConnectedAccount(connection, identifier)
    this.loadedWith.set(account, null)
    return account
  }

  private managed(em: EntityManager, row: Row | null): ConnectedAccount | null {
    if (!row) return null
    em.map(Connection, row.connection as never)
    const account = em.map(ConnectedAccount, row.account as never)
    this.loadedWith.set(account, row.account_id === null ? null : row)
    return account
  }

  /**
   * The account's credential. The first call after `find` returns what was read with the account; later
   * calls read the row again, and bring `account` up to date with it.
   *
   * @param em the one that manages `account`
   * @returns null where the account has no credential
   */
  async of(em: EntityManager, account: ConnectedAccount): Promise<StoredCredential | null> {
    const loaded = this.loadedWith.get(account)
    this.loadedWith.delete(account)
    if (loaded !== undefined) return loaded
    const { rows } = await this.pool.query({ name: 'credential-read', text: READ, values: [account.uuid] })
    // What is deleted while it is read is told as what it was last: disconnected.
    if (!rows[0]) account.disconnected(clock.now())
    else em.map(ConnectedAccount, rows[0].account)
    return rows[0]?.account_id ? rows[0] : null
  }

  /** Decrypts the access token and form values; the refresh token stays encrypted. @throws {SealBroken} */
  open(stored: StoredCredential): AccessSecret {
    return openAccess(stored, this.vault)
  }

  /** Reads and decrypts a credential whole. @returns null where the account has none @throws {SealBroken} */
  async openWhole(accountUuid: string): Promise<OpenedCredential | null> {
    const { rows } = await this.pool.query({
      name: 'credential',
      text: `select account_id, version, access, refresh, registration, destinations, parent_version
        from credential where account_id = $1`,
      values: [accountUuid],
    })
    const row = rows[0]
    if (!row) return null
    const { version, registration: app, destinations, parent_version: parentVersion } = row
    const registration = { app, destinations }
    const { access, tokens } = openCredential(row, this.vault)
    return { access, tokens, version, registration, parentVersion }
  }

  private async findAll(lookups: readonly Lookup[]): Promise<(Row | null)[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'account-and-credential',
      text: FIND,
      values: [
        lookups.map(({ connectionName }) => connectionName),
        lookups.map(({ connectionUuid }) => connectionUuid),
        lookups.map(({ identifier }) => identifier),
      ],
    })
    return inOrder(rows, lookups.length)
  }

  private async findAllById(uuids: readonly string[]): Promise<(Row | null)[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'account-and-credential-by-id',
      text: FIND_BY_ID,
      values: [uuids],
    })
    return inOrder(rows, uuids.length)
  }
}

function inOrder(rows: readonly Row[], length: number): (Row | null)[] {
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  return Array.from({ length }, (_, index) => byNumber.get(index + 1) ?? null)
}
