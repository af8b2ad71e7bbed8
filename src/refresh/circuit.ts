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
 *
 * When many grants are refused at once, the provider is more likely at fault than the users: then refusals
 * are held back and checked again later (BingAds-Python-SDK#279).
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
/** Seconds of calls that count for refused grants. */
const REFUSAL_WINDOW = 300
/** Share of refused grants above which the provider is suspected. */
const MOST_REFUSED = 0.2
/** Seconds that a suspicious refusal is held back. */
export const HELD_BACK = 900

/** Outcome of a call: new tokens, a refused grant, another usable answer, or no usable answer. */
export type CallOutcome = 'renewed' | 'refused' | 'answered' | 'nothing'

/** Turns, slots and circuit breakers of all connections, as this process sees them. */
export class Circuits {
  private readonly calls = new Map<string, { at: number; outcome: CallOutcome }[]>()
  private readonly queues = new Map<string, { under: number; waiting: (() => void)[] }>()

  constructor(private readonly pool: Pool) {}

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
    return () => {
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
        text: 'update refresh_slot set until = null, holder = null where connection_id = $1 and holder = $2',
        values: [connectionUuid, accountUuid],
      })
      .catch(() => {})
  }

  /** Counts a call, and opens or closes the connection's circuit accordingly. */
  async note(connectionUuid: string, outcome: CallOutcome) {
    const now = Date.now()
    const calls = (this.calls.get(connectionUuid) ?? []).filter(({ at }) => now - at < REFUSAL_WINDOW * 1000)
    calls.push({ at: now, outcome })
    this.calls.set(connectionUuid, calls)
    if (outcome !== 'nothing') {
      await this.close(connectionUuid)
      return
    }
    const recent = calls.filter(({ at }) => now - at < WINDOW * 1000)
    const failing = recent.length >= VERDICT && share(recent, 'nothing') >= MOST_FAILED
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

  /** Whether so many grants of the connection are refused that the provider is likely at fault. */
  doubtful(connectionUuid: string): boolean {
    const calls = (this.calls.get(connectionUuid) ?? []).filter(({ outcome }) => outcome !== 'nothing')
    return calls.length >= VERDICT && share(calls, 'refused') > MOST_REFUSED
  }

  /** Closes the circuit, and ends the pauses of the accounts that waited because the provider did not answer. */
  private async close(connectionUuid: string) {
    await this.pool.query({
      name: 'circuit-close',
      text: `
        with closed as (
          update connection set failing = false, paused_until = null
          where id = $1 and failing
          returning id
        )
        update refresh_lease lease set next_attempt_at = null, fails = 0
        from closed join connected_account account on account.connection_id = closed.id
        where lease.account_id = account.id and lease.until is null
          and lease.refused_at is null and lease.next_attempt_at is not null`,
      values: [connectionUuid],
    })
  }
}

function share(calls: { outcome: CallOutcome }[], outcome: CallOutcome): number {
  return calls.filter((call) => call.outcome === outcome).length / calls.length
}
