/**
 * The second copy of an answer, in the database: where a machine is lost with its disk, or is away for
 * longer than its lease, any other replica stores what it was told. Written in one statement that waits for
 * no lock.
 */
import type { Pool } from 'pg'
import type { EgressAnswer } from '../egress/exchange.js'
import type { SealedTable } from '../vault/sealed-tables.js'
import type { Vault } from '../vault/vault.js'
import type { Claim } from './lease.js'

/** What a provider answered to a refresh, and when it was asked. */
export interface ArrivedAnswer {
  answer: EgressAnswer
  sentAt: Date
}

/** An answer with the refresh that it belongs to. */
export interface WaitingAnswer {
  accountUuid: string
  claim: Claim
  arrived: ArrivedAnswer
}

/** Where this table holds sealed values. */
export const SEALED_ANSWERS: SealedTable = {
  table: 'refresh_answer',
  key: { account_id: 'uuid', version: 'integer', fence: 'integer' },
  columns: ['sealed'],
  place: ({ account_id, version }) => place(String(account_id), Number(version)),
}

interface Row {
  account_id: string
  version: number
  fence: number
  sealed: Buffer
  created_at: string
}

const PAGE = 100
/** Before every row. */
const FIRST = ['-infinity', '00000000-0000-0000-0000-000000000000', 0, 0]

/** Days after which an answer that nobody could open or store is of no use to anybody. */
const LONGEST_DAYS = 30

export class Answers {
  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  async keep(accountUuid: string, claim: Claim, arrived: ArrivedAnswer) {
    await this.pool.query({
      name: 'answer-keep',
      text: `insert into refresh_answer (account_id, version, fence, sealed, created_at)
        values ($1, $2, $3, $4, clock_timestamp()) on conflict do nothing`,
      values: [accountUuid, claim.version, claim.fence, seal(arrived, accountUuid, claim, this.vault)],
    })
  }

  async remove(accountUuid: string, { version, fence }: Claim) {
    await this.pool.query({
      name: 'answer-remove',
      text: 'delete from refresh_answer where account_id = $1 and version = $2 and fence = $3',
      values: [accountUuid, version, fence],
    })
  }

  /**
   * Answers that have waited for longer than it takes to commit one, the oldest first, a page at a time.
   *
   * @param unreadable takes the account of an answer that was sealed by keys which this server does not have
   */
  async *waiting(olderThanSeconds: number, unreadable: (accountUuid: string) => void): AsyncGenerator<WaitingAnswer[]> {
    await this.pool.query('delete from refresh_answer where created_at < now() - make_interval(days => $1)', [
      LONGEST_DAYS,
    ])
    for (let last: Row | undefined; ; ) {
      const { rows }: { rows: Row[] } = await this.pool.query<Row>({
        name: 'answers-waiting',
        text: `select account_id, version, fence, sealed, created_at::text from refresh_answer
          where created_at < clock_timestamp() - make_interval(secs => $1)
            and (created_at, account_id, version, fence) > ($2::timestamptz, $3::uuid, $4::int, $5::int)
          order by created_at, account_id, version, fence limit ${PAGE}`,
        values: [olderThanSeconds, ...(last ? [last.created_at, last.account_id, last.version, last.fence] : FIRST)],
      })
      if (rows.length > 0) yield rows.flatMap((row) => this.opened(row, unreadable))
      last = rows.at(-1)
      if (rows.length < PAGE) return
    }
  }

  /** Other answers to the refresh of one version, the latest claim first. */
  async toVersion(accountUuid: string, version: number): Promise<WaitingAnswer[]> {
    const { rows } = await this.pool.query<Row>(
      `select account_id, version, fence, sealed, created_at::text from refresh_answer
       where account_id = $1 and version = $2 order by fence desc`,
      [accountUuid, version],
    )
    return rows.flatMap((row) => this.opened(row, () => {}))
  }

  async count(): Promise<number> {
    const { rows } = await this.pool.query('select count(*)::int as count from refresh_answer')
    return rows[0].count
  }

  private opened(row: Row, unreadable: (accountUuid: string) => void): WaitingAnswer[] {
    const claim = { version: row.version, fence: row.fence }
    try {
      return [{ accountUuid: row.account_id, claim, arrived: open(row.sealed, row.account_id, claim, this.vault) }]
    } catch {
      unreadable(row.account_id)
      return []
    }
  }
}

/** Sealed to the account and to the version that the refresh consumed, wherever a copy lies. */
export function seal(arrived: ArrivedAnswer, accountUuid: string, { version }: Claim, vault: Vault): Buffer {
  return vault.seal(JSON.stringify(arrived), place(accountUuid, version))
}

/** @throws {SealBroken} */
export function open(sealed: Buffer, accountUuid: string, { version }: Claim, vault: Vault): ArrivedAnswer {
  const arrived = JSON.parse(vault.open(sealed, place(accountUuid, version))) as ArrivedAnswer
  return { ...arrived, sentAt: new Date(arrived.sentAt) }
}

function place(accountUuid: string, version: number) {
  return { table: 'spool', column: 'answer', row: accountUuid, version }
}
