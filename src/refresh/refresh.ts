/**
 * Refreshes tokens: once, however many callers ask for the same account.
 *
 *   stale ──claim──▶ leased ──send──▶ answered, in the spool ──commit──▶ fresh
 *                      │                 ├──refused──▶ judged: the grant has ended, or not yet (evidence.ts)
 *                      │                 └──anything else──▶ stale again, later
 *                      └──the process died──▶ the lease lapses, another takes over (sweep.ts)
 *
 * In one process, callers of the same account share one promise (a flight). Between processes, a lease row
 * decides. The commit depends on the consumed version, not on the lease: a late answer may still be the newest
 * token. Where two answers contradict each other, the stored token is tried first (outcome.ts).
 *
 *   lease.ts     who refreshes; claim.ts in SQL        circuit.ts    how many at once, and whether at all
 *   prepare.ts   what the call needs                   attempt.ts    the call, written down as it comes
 *   outcome.ts   what is stored; evidence.ts judges    spool.ts      answers on disk; answers.ts in the database
 *   sweep.ts     what was left unfinished              keep-alive.ts  grants that lapse when they are not used
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { AccountStatus } from '../connected-accounts/connected-account.js'
import type { Connection } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import { reserved } from '../database/shares.js'
import { renewal } from '../oauth/definition.js'
import type { Attempts } from './attempt.js'
import type { Circuits } from './circuit.js'
import type { Repetition } from './claim.js'
import type { Failpoint } from './failpoint.js'
import type { LeaseState, Leases } from './lease.js'
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
   * @param seenVersion the credential's version that the caller found stale
   * @param accessIsOver whether the access token is known not to work any more: then a refresh whose outcome is
   *   unknown is repeated without waiting for the token's expiry
   */
  refresh(
    accountUuid: string,
    connection: Connection,
    seenVersion: number,
    accessIsOver = false,
  ): Promise<RefreshResult> {
    const key = `${accountUuid}/${seenVersion}/${accessIsOver}`
    const flight =
      this.flights.get(key) ??
      // Token queries may join it, whoever began it.
      reserved(() => this.fly(accountUuid, connection, seenVersion, accessIsOver)).finally(() =>
        this.flights.delete(key),
      )
    this.flights.set(key, flight)
    return patiently(flight)
  }

  /** Resolves when no refresh is under way: every answer of a provider is stored then. */
  async drain() {
    await Promise.allSettled(this.flights.values())
  }

  /** Whether an unknown outcome, or a doubt, is to be settled by the server itself, without waiting for a caller. */
  shouldSettle(connection: Connection): boolean {
    return this.setups.offers(connection)
  }

  /** Waiting for another process's refresh takes no turn: turns are for those who can send. */
  private async fly(
    accountUuid: string,
    connection: Connection,
    seenVersion: number,
    accessIsOver: boolean,
  ): Promise<RefreshResult> {
    const giveUp = performance.now() + PATIENCE
    const stated = this.repetition(connection)
    const repetition = { ...stated, always: stated.always || accessIsOver }
    for (let wait = FIRST_LOOK; ; wait = Math.min(wait * 1.5, LONGEST_LOOK)) {
      const leave = await this.circuits.turn(connection.uuid, giveUp - performance.now())
      if (!leave) return unavailable(CROWDED, 5)
      try {
        const result = await this.tryOnce(
          accountUuid,
          connection,
          { version: seenVersion, accessIsOver },
          repetition,
          leave,
        )
        if (result) return result
      } finally {
        leave()
      }
      const state = await this.leases.look(accountUuid, repetition)
      if (state && !state.slotted) {
        await this.circuits.makeSlots(accountUuid)
        continue
      }
      const result = whyNot(state, seenVersion)
      if (result) return result
      if (performance.now() > giveUp) return unavailable('Another refresh of this account has not ended yet.', 5)
      await sleep(wait * (0.5 + Math.random()))
    }
  }

  /** @param leave ends the turn @returns null where there is no claim to be had */
  private async tryOnce(
    accountUuid: string,
    connection: Connection,
    wanted: { version: number; accessIsOver: boolean },
    repetition: Repetition,
    leave: () => void,
  ): Promise<RefreshResult | null> {
    this.failpoint('P0')
    const claimedAt = performance.now()
    const claimed = await this.leases.claim(accountUuid, wanted.version, repetition)
    if (!claimed) return null
    // Turns and slots are for those who call the provider: storing may take as long as a row is locked.
    let left: Promise<void> | null = null
    const answered = () => {
      leave()
      left ??= this.circuits.leave(connection.uuid, accountUuid)
      return left
    }
    const claim = { ...wanted, ...claimed }
    return this.attempts.carryOut(accountUuid, connection.uuid, claim, claimedAt, answered).finally(() => {
      this.leases.done(accountUuid)
      return answered()
    })
  }

  /** What the connector says of refresh tokens that are used twice. */
  private repetition(connection: Connection): Repetition {
    const how = renewal(this.setups.methodOf(connection).runs)
    if (how === false || how.rotation !== 'rotates') return { always: true, grace: 0, keeps: true }
    return { always: how.endsOldAccess === true, grace: how.reuseGraceSeconds ?? 0, keeps: false }
  }
}

const CROWDED = 'Many accounts of this connection are being refreshed, and this one had to wait for too long.'

const SILENT =
  'The server that refreshes this account does not answer. Its provider may end the grant for a second try: ' +
  'the server has ten minutes to come back.'

/** @returns why waiting for a claim makes no sense; null where it does */
function whyNot(state: LeaseState | null, seenVersion: number): RefreshResult | null {
  if (!state || (state.status !== AccountStatus.ACTIVE && !state.doubted)) return { kind: 'changed' }
  if (state.version !== seenVersion) return { kind: 'renewed' }
  if (state.silent) return unavailable(SILENT, 10)
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
