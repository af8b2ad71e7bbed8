/**
 * Limits the refreshes of one connection: a number of slots, and a circuit breaker.
 *
 *   closed ──most of the last calls got no answer──▶ open ──10 s──▶ one probe ──answered──▶ closed
 *                                                    ▲                │
 *                                                    └────nothing─────┘
 *
 * At most ten refreshes of a connection are under way at once over all replicas; a table holds the slots.
 * Whether the circuit is open is a column of the connection, so every replica sees it. Each process counts
 * only its own calls to decide when to open it.
 */
import type { Pool } from 'pg'

/** Refreshes of one connection that may be under way at once. */
export const SLOTS = 10
/** Seconds until an open circuit lets one refresh through as a probe. */
const REST = 10
/** Seconds of calls that count. */
const WINDOW = 30
/** Calls without which no verdict is reached. */
const VERDICT = 20
/** Share of failed calls that opens the circuit. */
const MOST_FAILED = 0.5
/** Outcome of a call: new tokens, another usable answer, a request to wait, or no usable answer. */
export type CallOutcome = 'renewed' | 'answered' | 'throttled' | 'nothing'

/** Turns, slots and circuit breakers of all connections, as this process sees them. */
export class Circuits {
  private readonly calls = new Map<string, { at: number; outcome: CallOutcome }[]>()
  private readonly queues = new Map<string, { under: number; waiting: (() => void)[] }>()

  /** @param owner this process, as the owner of its slots */
  constructor(
    private readonly pool: Pool,
    private readonly owner: string,
  ) {}

  /**
   * Waits until fewer than ten refreshes of the connection are under way in this process, so that no more
   * than ten poll the database for a slot.
   *
   * @param patience milliseconds
   * @returns a function that ends the turn; null where the wait exceeded `patience`
   */
  async turn(connectionUuid: string, patience: number): Promise<(() => void) | null> {
    const queue = this.queues.get(connectionUuid) ?? { under: 0, waiting: [] }
    this.queues.set(connectionUuid, queue)
    if (queue.under >= SLOTS) {
      const isCalled = await new Promise<boolean>((resolve) => {
        const call = () => {
          clearTimeout(timer)
          resolve(true)
        }
        const timer = setTimeout(() => {
          queue.waiting.splice(queue.waiting.indexOf(call), 1)
          resolve(false)
        }, patience)
        queue.waiting.push(call)
      })
      // The caller hands its place over: `under` already counts it.
      if (!isCalled) return null
    } else queue.under += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      const next = queue.waiting.shift()
      if (next) return next()
      queue.under -= 1
      if (queue.under === 0) this.queues.delete(connectionUuid)
    }
  }

  /** Creates the slots of the account's connection where they do not exist yet. */
  async makeSlots(accountUuid: string) {
    await this.pool.query(
      `insert into refresh_slot (connection_id, slot)
       select account.connection_id, slot
       from connected_account account, generate_series(1, $2) slot
       where account.id = $1
       on conflict do nothing`,
      [accountUuid, SLOTS],
    )
  }

  /** Frees the account's slots. Where the database cannot be reached, they lapse by themselves. */
  async leave(connectionUuid: string, accountUuid: string) {
    await this.pool
      .query({
        name: 'refresh-leave',
        text: `update refresh_slot set until = null, holder = null, owner = null
          where connection_id = $1 and holder = $2 and owner = $3`,
        values: [connectionUuid, accountUuid, this.owner],
      })
      .catch(() => {})
  }

  /** Counts a call, and opens or closes the connection's circuit accordingly. */
  async note(connectionUuid: string, outcome: CallOutcome) {
    const now = performance.now()
    const calls = (this.calls.get(connectionUuid) ?? []).filter(({ at }) => now - at < WINDOW * 1000)
    calls.push({ at: now, outcome })
    this.calls.set(connectionUuid, calls)
    if (outcome !== 'nothing') {
      await this.close(connectionUuid)
      if (outcome === 'renewed') await this.endDoubts(connectionUuid)
      return
    }
    const failing = calls.length >= VERDICT && share(calls, 'nothing') >= MOST_FAILED
    await this.pool.query({
      name: 'circuit-open',
      text: `
        update connection
        set failing = true,
          paused_until = greatest(paused_until, clock_timestamp() + make_interval(secs => $2))
        where id = $1 and (failing or $3)`,
      values: [connectionUuid, REST * (0.9 + Math.random() / 5), failing],
    })
  }

  /** Closes the circuit, and ends the pauses of the accounts that waited because the provider did not answer. */
  private async close(connectionUuid: string) {
    await this.pool.query({
      name: 'circuit-close',
      text: `
        with closed as (
          update connection set failing = false, paused_until = throttled_until where id = $1 and failing returning id
        )
        update refresh_lease lease set next_attempt_at = null, fails = 0
        from closed join connected_account account on account.connection_id = closed.id
        where lease.account_id = account.id and lease.until is null
          and lease.refused_at is null and lease.next_attempt_at is not null`,
      values: [connectionUuid],
    })
  }

  /** The provider renews again: accounts with a refusal that is not confirmed yet are tried at once. */
  private async endDoubts(connectionUuid: string) {
    await this.pool.query({
      name: 'doubts-end',
      text: `
        update refresh_lease lease set next_attempt_at = null
        from connected_account account
        where account.id = lease.account_id and account.connection_id = $1
          and lease.refused_at is not null and lease.until is null and lease.rejections = 0
          and lease.next_attempt_at > clock_timestamp()`,
      values: [connectionUuid],
    })
  }
}

function share(calls: { outcome: CallOutcome }[], outcome: CallOutcome): number {
  return calls.filter((call) => call.outcome === outcome).length / calls.length
}
