/**
 * Reads what accounts unlock. For token queries it takes one statement for all that one turn of the
 * event loop asks: the account, its connection and the sealed credential. MikroORM only maps the rows;
 * building the statement anew for every query would cost several times what everything else does.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import type { Pool } from 'pg'
import { ONE_TURN } from '../batches.js'
import { type AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import { Connection } from '../connections/connection.js'
import { fromTypeId } from '../ids.js'
import type { StoredTokens } from '../oauth/token-endpoint/token-set.js'
import type { Vault } from '../vault/vault.js'
import { type AccessSecret, openAccess, openCredential } from './credential.secret.js'

/** The stored credential, as far as a token query needs it; times in seconds by the database's clock. */
export interface StoredCredential {
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
}

/** A credential opened whole, refresh token included: for a refresh, and for nothing else. */
export interface OpenedCredential {
  version: number
  tokens: StoredTokens
  access: AccessSecret
  /** Fingerprint of the app and address that the tokens were given to. */
  registration: string
}

interface Ask {
  connectionName: string | null
  connectionUuid: string | null
  identifier: string
}

type Row = StoredCredential & {
  asked: number
  account: Record<string, unknown>
  connection: Record<string, unknown>
}

const CREDENTIAL = `
  credential.account_id, credential.version, credential.access,
  account.status, account.status_reason as reason, account.granted_scopes as granted, credential.expires_at,
  extract(epoch from credential.expires_at - clock_timestamp())::float8 as remaining,
  extract(epoch from clock_timestamp() - credential.obtained_at)::float8 as age,
  extract(epoch from credential.expires_at - credential.obtained_at)::float8 as lifetime`

const FIND = `
  select asked.number::int as asked, to_jsonb(account) as account, to_jsonb(connection) as connection, ${CREDENTIAL}
  from unnest($1::text[], $2::uuid[], $3::text[])
    with ordinality as asked (connection_name, connection_id, identifier, number)
  join connection on connection.name = asked.connection_name or connection.id = asked.connection_id
  join connected_account account on account.connection_id = connection.id and account.identifier = asked.identifier
  left join credential on credential.account_id = account.id`

const READ = `
  select ${CREDENTIAL}
  from credential join connected_account account on account.id = credential.account_id
  where credential.account_id = $1`

export class StoredCredentials {
  private readonly batch: DataLoader<Ask, Row | null>
  /** What came with an account that was found for this very request. */
  private readonly foundWith = new WeakMap<ConnectedAccount, StoredCredential | null>()

  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
  ) {
    this.batch = new DataLoader((asks) => this.findAll(asks), ONE_TURN)
  }

  /** @returns the account with its connection loaded, managed by `em`; null where there is none */
  async find(em: EntityManager, connectionNameOrId: string, identifier: string): Promise<ConnectedAccount | null> {
    const connectionUuid = fromTypeId('conn', connectionNameOrId)
    const connectionName = connectionUuid ? null : connectionNameOrId
    const row = await this.batch.load({ connectionName, connectionUuid, identifier })
    if (!row) return null
    em.map(Connection, row.connection as never)
    const account = em.map(ConnectedAccount, row.account as never)
    this.foundWith.set(account, row.account_id === null ? null : row)
    return account
  }

  /** As it came with the account, once; as it is now, after that. Null where the account unlocks nothing. */
  async of(account: ConnectedAccount): Promise<StoredCredential | null> {
    const found = this.foundWith.get(account)
    this.foundWith.delete(account)
    if (found !== undefined) return found
    const { rows } = await this.pool.query({ name: 'credential-read', text: READ, values: [account.uuid] })
    return rows[0] ?? null
  }

  /** What a credential serves a query with; the refresh token stays sealed. @throws {SealBroken} */
  open(stored: StoredCredential): AccessSecret {
    return openAccess(stored, this.vault)
  }

  /** @returns null where the account unlocks nothing any more @throws {SealBroken} */
  async openWhole(accountUuid: string): Promise<OpenedCredential | null> {
    const { rows } = await this.pool.query({
      name: 'credential',
      text: 'select account_id, version, access, refresh, registration from credential where account_id = $1',
      values: [accountUuid],
    })
    const row = rows[0]
    return row ? { ...openCredential(row, this.vault), version: row.version, registration: row.registration } : null
  }

  private async findAll(asks: readonly Ask[]): Promise<(Row | null)[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'account-and-credential',
      text: FIND,
      values: [
        asks.map(({ connectionName }) => connectionName),
        asks.map(({ connectionUuid }) => connectionUuid),
        asks.map(({ identifier }) => identifier),
      ],
    })
    const byNumber = new Map(rows.map((row) => [row.asked, row]))
    return asks.map((_, index) => byNumber.get(index + 1) ?? null)
  }
}
