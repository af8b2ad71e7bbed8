/**
 * How much of a provider's attention one connection takes.
 *
 *   closed ──most of the last calls came to nothing──▶ open ──10 s──▶ one probe ──answered──▶ closed
 *                                                       ▲                │
 *                                                       └────nothing─────┘
 *
 * At most ten refreshes of a connection are under way at once, over all replicas: slots in a table.
 * Whether the circuit is open is in the connection's row, so every replica knows; what opened it, each
 * process has counted for itself.
 *
 * Many refused grants at once are more likely the provider's bad hour than many users who changed
 * their minds: then refusals are held back for a while (BingAds-Python-SDK#279).
 */
import type { Pool } from 'pg'

/** Refreshes of one connection that may be under way at once. */
export const SLOTS = 10
/** Seconds that an open circuit rests before one refresh finds out more. */
const REST = 10
/** Seconds that calls are remembered; how many make a verdict; and the share that opens the circuit. */
const WINDOW = 30
const VERDICT = 20
const MOST_FAILED = 0.5
/** The same for refused grants, and the seconds that a suspect refusal is held back. */
const REFUSAL_WINDOW = 300
const MOST_REFUSED = 0.2
export const HELD_BACK = 900

/** What a call came to: an answer that renewed, one that refused the grant, another answer, or none of use. */
export type CallOutcome = 'renewed' | 'refused' | 'answered' | 'nothing'

export class Circuits {
  private readonly calls = new Map<string, { at: number; outcome: CallOutcome }[]>()
  private readonly queues = new Map<string, { under: number; waiting: (() => void)[] }>()

  constructor(private readonly pool: Pool) {}

  /**
   * Waits for this process's turn: of all that wait for a connection, ten ask the database for a slot.
   *
   * @param patience milliseconds
   * @returns what ends the turn; null where none came
   */
  async turn(connectionUuid: string, patience: number): Promise<(() => void) | null> {
    const queue = this.queues.get(connectionUuid) ?? { under: 0, waiting: [] }
    this.queues.set(connectionUuid, queue)
    if (queue.under >= SLOTS) {
      const called = await new Promise<boolean>((resolve) => {
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
      // Whoever called handed its place over, already counted.
      if (!called) return null
    } else queue.under += 1
    return () => {
      const next = queue.waiting.shift()
      if (next) return next()
      queue.under -= 1
      if (queue.under === 0) this.queues.delete(connectionUuid)
    }
  }

  /** Makes a connection's slots, where it has none yet. */
  async makeSlots(accountUuid: string) {
    await this.pool.query(
      'insert into refresh_slot (connection_id, slot) select account.connection_id, slot from connected_account account, generate_series(1, $2) slot where account.id = $1 on conflict do nothing',
      [accountUuid, SLOTS],
    )
  }

  /** Gives an account's slots back. One that is not given back, because the database is away, lapses. */
  async leave(connectionUuid: string, accountUuid: string) {
    await this.pool
      .query({
        name: 'refresh-leave',
        text: 'update refresh_slot set until = null, holder = null where connection_id = $1 and holder = $2',
        values: [connectionUuid, accountUuid],
      })
      .catch(() => {})
  }

  /** Takes note of a call. Opens and closes the connection's circuit. */
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
      text: 'update connection set failing = true, paused_until = greatest(paused_until, clock_timestamp() + make_interval(secs => $2)) where id = $1 and (failing or $3)',
      values: [connectionUuid, REST * (0.9 + Math.random() / 5), failing],
    })
  }

  /** Whether so many grants of the connection are refused that the provider is to be doubted first. */
  doubtful(connectionUuid: string): boolean {
    const calls = (this.calls.get(connectionUuid) ?? []).filter(({ outcome }) => outcome !== 'nothing')
    return calls.length >= VERDICT && share(calls, 'refused') > MOST_REFUSED
  }

  /** The provider answers again: those that wait because it did not need not wait any longer. */
  private async close(connectionUuid: string) {
    await this.pool.query({
      name: 'circuit-close',
      text: `
        with closed as (update connection set failing = false, paused_until = null where id = $1 and failing returning id)
        update refresh_lease lease set next_attempt_at = null, fails = 0
        from closed join connected_account account on account.connection_id = closed.id
        where lease.account_id = account.id and lease.until is null and lease.refused_at is null and lease.next_attempt_at is not null`,
      values: [connectionUuid],
    })
  }
}

function share(calls: { outcome: CallOutcome }[], outcome: CallOutcome): number {
  return calls.filter((call) => call.outcome === outcome).length / calls.length
}
