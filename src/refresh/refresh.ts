/**
 * Refreshing, once, however many ask.
 *
 *   stale ──claim──▶ leased ──send──▶ answered, and written down ──commit──▶ fresh
 *                      │                 ├──refused──▶ the grant is over
 *                      │                 └──anything else──▶ stale again, later
 *                      └──the process died──▶ the lease lapses, another takes over
 *
 * In one process, callers join one flight. Between processes, a lease row decides. The commit is keyed
 * on the version that was consumed, not on the lease: a late answer is still the newest token.
 *
 *   lease.ts     who refreshes, in SQL                 circuit.ts    how many at once, and whether at all
 *   prepare.ts   what the call needs                   attempt.ts    the call, written down as it comes
 *   outcome.ts   what is stored of it                  spool.ts      answers on disk; replay.ts stores them
 *   keep-alive.ts  grants that lapse when they are not used
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { AccountStatus } from '../connected-accounts/connected-account.js'
import type { Connection } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import { renewal } from '../oauth/definition.js'
import type { Attempts } from './attempt.js'
import type { Circuits } from './circuit.js'
import type { Failpoint } from './failpoint.js'
import { LEASE, type LeaseState, type Leases } from './lease.js'
import type { RefreshResult } from './outcome.js'

/** Milliseconds that a caller waits for someone else's refresh. */
const PATIENCE = 20_000
/** Milliseconds between looks at a lease that someone else has, at the first and at the longest. */
const FIRST_LOOK = 50
const LONGEST_LOOK = 500

const NOT_ANSWERING = 'The provider is not answering.'

export class Refresher {
  private readonly flights = new Map<string, Promise<RefreshResult>>()

  constructor(
    private readonly leases: Leases,
    private readonly circuits: Circuits,
    private readonly attempts: Attempts,
    private readonly setups: Setups,
    private readonly failpoint: (point: Failpoint) => void,
  ) {}

  /**
   * Has the account's tokens renewed, unless they are newer than `seenVersion` already.
   *
   * @param connection the account's
   * @param seenVersion the credential's version that the caller found stale
   */
  refresh(accountUuid: string, connection: Connection, seenVersion: number): Promise<RefreshResult> {
    const key = `${accountUuid}/${seenVersion}`
    const flight =
      this.flights.get(key) ?? this.inTurn(accountUuid, connection, seenVersion).finally(() => this.flights.delete(key))
    this.flights.set(key, flight)
    return patiently(flight)
  }

  /** Resolves when no refresh is under way: what a provider has answered is in the store then. */
  async drain() {
    await Promise.allSettled(this.flights.values())
  }

  private async inTurn(accountUuid: string, connection: Connection, seenVersion: number): Promise<RefreshResult> {
    const giveUp = Date.now() + PATIENCE
    const leave = await this.circuits.turn(connection.uuid, PATIENCE)
    if (!leave)
      return unavailable(
        'Many accounts of this connection are being refreshed, and this one had to wait for too long.',
        5,
      )
    try {
      return await this.fly(accountUuid, connection, seenVersion, giveUp)
    } finally {
      leave()
    }
  }

  private async fly(
    accountUuid: string,
    connection: Connection,
    seenVersion: number,
    giveUp: number,
  ): Promise<RefreshResult> {
    const mayRepeat = this.mayRepeat(connection)
    for (let wait = FIRST_LOOK; ; wait = Math.min(wait * 1.5, LONGEST_LOOK)) {
      this.failpoint('P0')
      const claimedAt = performance.now()
      const claimed = await this.leases.claim(accountUuid, seenVersion, mayRepeat)
      if (claimed) {
        const claim = { version: seenVersion, fence: claimed.fence }
        return this.attempts
          .carryOut(accountUuid, connection.uuid, claim, claimedAt)
          .finally(() => this.circuits.leave(connection.uuid, accountUuid))
      }
      const state = await this.leases.look(accountUuid, mayRepeat)
      if (state && !state.slotted) {
        await this.circuits.makeSlots(accountUuid)
        continue
      }
      const result = whyNot(state, seenVersion)
      if (result) return result
      if (Date.now() > giveUp) return unavailable('Another refresh of this account has not ended yet.', 5)
      await sleep(wait * (0.5 + Math.random()))
    }
  }

  /**
   * A strict provider ends the grant when it sees a refresh token twice: after an outcome that nobody
   * knows, the access token's own end comes first there.
   */
  private mayRepeat(connection: Connection): boolean {
    const how = renewal(this.setups.methodOf(connection).runs)
    return how === false || how.rotation !== 'rotates' || (how.reuseGraceSeconds ?? 0) >= LEASE
  }
}

/** @returns why waiting for a claim makes no sense; null where it does */
function whyNot(state: LeaseState | null, seenVersion: number): RefreshResult | null {
  if (!state || state.status !== AccountStatus.ACTIVE) return { kind: 'changed' }
  if (state.version !== seenVersion) return { kind: 'renewed' }
  if (state.pause > 0) return unavailable(state.lastError ?? NOT_ANSWERING, Math.ceil(state.pause))
  return state.failing ? unavailable(state.lastError ?? NOT_ANSWERING, 5) : null
}

function unavailable(reason: string, retryAfter: number): RefreshResult {
  return { kind: 'unavailable', reason, retryAfter }
}

/** Waits for a flight, but not for ever: it goes on, and whoever asks later meets it or what it brought. */
async function patiently(flight: Promise<RefreshResult>): Promise<RefreshResult> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<RefreshResult>((resolve) => {
    timer = setTimeout(() => resolve(unavailable('The refresh has not ended yet.', 5)), PATIENCE)
  })
  return Promise.race([flight, timeout]).finally(() => clearTimeout(timer))
}
