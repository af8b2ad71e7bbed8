/**
 * What a token query reads, in one statement for all the queries of one turn of the event loop: the
 * account, its connection and the sealed credential. MikroORM only maps the rows; building the
 * statement anew for every query would cost several times what everything else does.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { Batch } from '../batch.js'
import { type AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import { Connection } from '../connections/connection.js'
import { fromTypeId } from '../ids.js'

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

interface Ask {
  connectionName: string | null
  connectionUuid: string | null
  identifier: string
}

type Row = StoredCredential & { asked: number; account: Record<string, unknown>; connection: Record<string, unknown> }

const CREDENTIAL = `
  credential.account_id, credential.version, credential.access, account.status, account.status_reason as reason, account.granted_scopes as granted, credential.expires_at,
  extract(epoch from credential.expires_at - clock_timestamp())::float8 as remaining,
  extract(epoch from clock_timestamp() - credential.obtained_at)::float8 as age,
  extract(epoch from credential.expires_at - credential.obtained_at)::float8 as lifetime`

export class StoredCredentials {
  private readonly batch: Batch<Ask, Row | null>
  /** What came with an account that was found for this very request. */
  private readonly cameWith = new WeakMap<ConnectedAccount, StoredCredential | null>()

  constructor(private readonly pool: Pool) {
    this.batch = new Batch(async (asks) => {
      const { rows } = await pool.query({
        name: 'account-and-credential',
        text: `
          select asked.number::int as asked, to_jsonb(account) as account, to_jsonb(connection) as connection, ${CREDENTIAL}
          from unnest($1::text[], $2::uuid[], $3::text[]) with ordinality as asked (connection_name, connection_id, identifier, number)
          join connection on connection.name = asked.connection_name or connection.id = asked.connection_id
          join connected_account account on account.connection_id = connection.id and account.identifier = asked.identifier
          left join credential on credential.account_id = account.id`,
        values: [
          asks.map(({ connectionName }) => connectionName),
          asks.map(({ connectionUuid }) => connectionUuid),
          asks.map(({ identifier }) => identifier),
        ],
      })
      const byNumber = new Map<number, Row>(rows.map((row: Row) => [row.asked, row]))
      return asks.map((_, index) => byNumber.get(index + 1) ?? null)
    })
  }

  /** @returns the account with its connection loaded, managed by `em`; null where there is none */
  async find(em: EntityManager, connectionNameOrId: string, identifier: string): Promise<ConnectedAccount | null> {
    const connectionUuid = fromTypeId('conn', connectionNameOrId)
    const row = await this.batch.ask({
      connectionName: connectionUuid ? null : connectionNameOrId,
      connectionUuid,
      identifier,
    })
    if (!row) return null
    em.map(Connection, row.connection as never)
    const account = em.map(ConnectedAccount, row.account as never)
    this.cameWith.set(account, row.account_id === null ? null : row)
    return account
  }

  /** As it came with the account, once; as it is now, after that. Null where the account unlocks nothing. */
  async of(account: ConnectedAccount): Promise<StoredCredential | null> {
    const came = this.cameWith.get(account)
    this.cameWith.delete(account)
    return came === undefined ? this.read(account.uuid) : came
  }

  private async read(accountUuid: string): Promise<StoredCredential | null> {
    const { rows } = await this.pool.query({
      name: 'credential-read',
      text: `select ${CREDENTIAL} from credential join connected_account account on account.id = credential.account_id where credential.account_id = $1`,
      values: [accountUuid],
    })
    return rows[0] ?? null
  }
}
