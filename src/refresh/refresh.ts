/**
 * Refreshes tokens: once, however many callers ask for the same account.
 *
 *   stale ──claim──▶ leased ──send──▶ answered, in the spool ──commit──▶ fresh
 *                      │                 ├──refused──▶ the grant is over
 *                      │                 └──anything else──▶ stale again, later
 *                      └──the process died──▶ the lease lapses, another takes over
 *
 * In one process, callers of the same account share one promise (a flight). Between processes, a lease row
 * decides. The commit depends on the consumed version, not on the lease: a late answer is still the newest
 * token.
 *
 *   lease.ts     who refreshes, in SQL                 circuit.ts    how many at once, and whether at all
 *   prepare.ts   what the call needs                   attempt.ts    the call, its answer to the spool
 *   outcome.ts   what is stored of it                  spool.ts      answers on disk; replay.ts stores them
 *   keep-alive.ts  refreshes grants that would lapse unused
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
/** Milliseconds before the first look at a lease that another process holds. */
const FIRST_LOOK = 50
/** Milliseconds between two looks at most. */
const LONGEST_LOOK = 500

const NOT_ANSWERING = 'The provider is not answering.'

/** Refreshes tokens on behalf of the gate, the API and the keep-alive job. */
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
   * Refreshes the account's tokens, unless the stored version is newer than `staleVersion` already. Waits
   * 20 seconds at most; the refresh goes on after that.
   *
   * @param connection the account's
   * @param staleVersion the credential's version that the caller read
   * @returns 'renewed' or 'changed': read the credential again; otherwise why there is no new token
   */
  refresh(accountUuid: string, connection: Connection, staleVersion: number): Promise<RefreshResult> {
    const key = `${accountUuid}/${staleVersion}`
    const flight =
      this.flights.get(key) ??
      this.inTurn(accountUuid, connection, staleVersion).finally(() => this.flights.delete(key))
    this.flights.set(key, flight)
    return patiently(flight)
  }

  /** Resolves when no refresh is under way: every answer of a provider is stored then. */
  async drain() {
    await Promise.allSettled(this.flights.values())
  }

  private async inTurn(accountUuid: string, connection: Connection, staleVersion: number): Promise<RefreshResult> {
    const giveUp = Date.now() + PATIENCE
    const leave = await this.circuits.turn(connection.uuid, PATIENCE)
    if (!leave)
      return unavailable(
        'Many accounts of this connection are being refreshed, and this one had to wait for too long.',
        5,
      )
    try {
      return await this.claimAndCarryOut(accountUuid, connection, staleVersion, giveUp)
    } finally {
      leave()
    }
  }

  private async claimAndCarryOut(
    accountUuid: string,
    connection: Connection,
    staleVersion: number,
    giveUp: number,
  ): Promise<RefreshResult> {
    const mayRepeat = this.mayRepeat(connection)
    for (let wait = FIRST_LOOK; ; wait = Math.min(wait * 1.5, LONGEST_LOOK)) {
      this.failpoint('P0')
      const claimedAt = performance.now()
      const claimed = await this.leases.claim(accountUuid, staleVersion, mayRepeat)
      if (claimed) {
        const claim = { version: staleVersion, fence: claimed.fence }
        return this.attempts
          .carryOut(accountUuid, connection.uuid, claim, claimedAt)
          .finally(() => this.circuits.leave(connection.uuid, accountUuid))
      }
      const state = await this.leases.look(accountUuid, mayRepeat)
      if (state && !state.slotted) {
        await this.circuits.makeSlots(accountUuid)
        continue
      }
      const result = whyNot(state, staleVersion)
      if (result) return result
      if (Date.now() > giveUp) return unavailable('Another refresh of this account has not ended yet.', 5)
      await sleep(wait * (0.5 + Math.random()))
    }
  }

  /**
   * Some providers end the grant when they receive a refresh token twice. There, after an unknown outcome,
   * the refresh is repeated only when the access token has expired.
   */
  private mayRepeat(connection: Connection): boolean {
    const how = renewal(this.setups.methodOf(connection).runs)
    return how === false || how.rotation !== 'rotates' || (how.reuseGraceSeconds ?? 0) >= LEASE
  }
}

/** @returns why it makes no sense to wait for a claim; null where it does */
function whyNot(state: LeaseState | null, staleVersion: number): RefreshResult | null {
  if (!state || state.status !== AccountStatus.ACTIVE) return { kind: 'changed' }
  if (state.version !== staleVersion) return { kind: 'renewed' }
  if (state.pause > 0) return unavailable(state.lastError ?? NOT_ANSWERING, Math.ceil(state.pause))
  return state.failing ? unavailable(state.lastError ?? NOT_ANSWERING, 5) : null
}

function unavailable(reason: string, retryAfter: number): RefreshResult {
  return { kind: 'unavailable', reason, retryAfter }
}

/** Waits for a flight for a limited time. The flight goes on, and later callers get its result. */
async function patiently(flight: Promise<RefreshResult>): Promise<RefreshResult> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<RefreshResult>((resolve) => {
    timer = setTimeout(() => resolve(unavailable('The refresh has not ended yet.', 5)), PATIENCE)
  })
  return Promise.race([flight, timeout]).finally(() => clearTimeout(timer))
}
