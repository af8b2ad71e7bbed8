/** Carries out one claimed refresh: prepares it, calls the provider, and stores the outcome. */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { MOVED } from '../connections/registration.js'
import { ValetkeyError } from '../errors.js'
import type { Provider } from '../oauth/provider.js'
import { type FailureType, TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { TokenSet } from '../oauth/token-endpoint/token-set.js'
import type { Answers } from './answers.js'
import type { CallOutcome, Circuits } from './circuit.js'
import type { Failpoint } from './failpoint.js'
import { type Claim, LEASE, type Leases } from './lease.js'
import { type Outcomes, type RefreshResult, Unstorable } from './outcome.js'
import type { Preparation, Prepared } from './prepare.js'
import type { Spool, SpoolEntry } from './spool.js'

/**
 * Seconds that the call of the provider may take (calls.ts). When less than that is left of the lease,
 * because the process was suspended, nothing is sent.
 */
const CALL = 45
/** Milliseconds after which a provider counts as not answering. Its answer may still come: it is waited for. */
const SLOW = 15_000
/** What a failure says about the provider. */
const CALL_OUTCOMES: Record<FailureType, CallOutcome> = {
  grant: 'answered',
  client: 'answered',
  rejected: 'answered',
  throttled: 'throttled',
  not_sent: 'nothing',
  unknown: 'nothing',
  protocol: 'nothing',
  unreadable: 'answered',
}

/** The collaborators of an attempt. */
export interface AttemptParts {
  preparation: Preparation
  leases: Leases
  spool: Spool
  answers: Answers
  provider: Provider
  outcomes: Outcomes
  circuits: Circuits
  failpoint: (point: Failpoint) => void
  /** Counts refreshes by outcome, for the metrics. */
  observe: (outcome: string) => void
}

/** Carries out refreshes that have been claimed. */
export class Attempts {
  constructor(private readonly parts: AttemptParts) {}

  /**
   * Carries out one refresh and releases its lease.
   *
   * @param claimedAt milliseconds of this process's monotonic clock (`performance.now()`)
   * @param answered called when the provider is through with it; it never fails
   * @throws whatever is neither the provider's failure nor a ValetkeyError; the lease is released before
   */
  async carryOut(
    accountUuid: string,
    connectionUuid: string,
    claim: Claim,
    claimedAt: number,
    answered: () => Promise<void>,
  ): Promise<RefreshResult> {
    const { preparation, leases, circuits, failpoint } = this.parts
    const release = () => leases.release(accountUuid, claim.fence)
    const prepared = await preparation.of(accountUuid, claim).catch(async (error) => {
      await release()
      throw error
    })
    if ('kind' in prepared) {
      await release()
      return prepared
    }
    if (prepared.moved) {
      await release()
      return { kind: 'moved', reason: MOVED }
    }
    failpoint('P1')
    const entry = this.parts.spool.begin(accountUuid, claim)
    // A process that was stopped meanwhile may have been taken over.
    if (performance.now() - claimedAt > Math.min(LEASE - CALL, claim.sendWithin ?? LEASE) * 1000) {
      entry.remove()
      await release()
      return { kind: 'changed' }
    }
    try {
      // The next one is let in with what this one has found out of the provider. Storing waits for neither.
      let isNoted = false
      const note = (outcome: CallOutcome) => {
        if (!isNoted) circuits.note(connectionUuid, outcome).then(answered, answered)
        isNoted = true
      }
      const slow = setTimeout(() => note('nothing'), SLOW)
      const answer = await this.call(accountUuid, claim, prepared, entry).finally(() => clearTimeout(slow))
      if (answer instanceof TokenFailure && !answer.isOurs) note(CALL_OUTCOMES[answer.type])
      else answered()
      return await this.settle(accountUuid, connectionUuid, claim, prepared, answer, entry)
    } catch (error) {
      if (error instanceof Unstorable) {
        // It is kept, on the disk and in the database, and looked at again (sweep.ts).
        entry.leave()
        await leases.hold(accountUuid, claim, LEASE, error.message)
        return { kind: 'unavailable', reason: error.message, retryAfter: LEASE }
      }
      entry.remove()
      await release()
      throw error
    }
  }

  private async settle(
    accountUuid: string,
    connectionUuid: string,
    claim: Claim,
    prepared: Prepared,
    answer: TokenSet | TokenFailure,
    entry: SpoolEntry,
  ): Promise<RefreshResult> {
    const { outcomes, answers, circuits, failpoint, observe } = this.parts
    if (answer instanceof TokenFailure) {
      observe(answer.type)
      if (answer.type === 'unreadable') throw new Unstorable(answer.message, { cause: answer })
      const result =
        (await this.fallBack(accountUuid, claim, prepared, answer)) ??
        (await outcomes.fail(accountUuid, claim, answer, prepared.grace))
      entry.remove()
      await answers.remove(accountUuid, claim)
      return result
    }
    observe('renewed')
    const result = await outcomes.commit(accountUuid, claim, answer, prepared)
    failpoint('P5')
    // Where it is doubted which answer is the newer, this one may yet be needed: the sweep sees to its copies.
    if (result.kind === 'doubted') entry.leave()
    else {
      await answers.remove(accountUuid, claim)
      entry.remove()
    }
    failpoint('P6')
    await circuits.note(connectionUuid, 'renewed')
    return result
  }

  /**
   * The token that is stored was doubted, and is refused: another answer to the same refresh may hold the one that
   * works.
   *
   * @returns null where there is none
   */
  private async fallBack(
    accountUuid: string,
    claim: Claim,
    prepared: Prepared,
    failure: TokenFailure,
  ): Promise<RefreshResult | null> {
    if (failure.type !== 'grant' || !claim.doubted || prepared.parentVersion === null) return null
    const { answers, outcomes, provider } = this.parts
    const [other] = await answers.toVersion(accountUuid, prepared.parentVersion)
    if (!other) return null
    try {
      const tokens = provider.readStoredAnswer(prepared.setup, other.arrived.answer, other.arrived.sentAt)
      const result = await outcomes.commit(accountUuid, { ...claim, doubted: false }, tokens, prepared)
      await answers.remove(accountUuid, other.claim)
      return result
    } catch (error) {
      if (!(error instanceof TokenFailure)) throw error
      await answers.remove(accountUuid, other.claim)
      return this.fallBack(accountUuid, claim, prepared, failure)
    }
  }

  /** What the provider answered, written down as it came. */
  private async call(
    accountUuid: string,
    claim: Claim,
    { setup, stored, scopes, values, access }: Prepared,
    entry: SpoolEntry,
  ): Promise<TokenSet | TokenFailure> {
    const { provider, answers, failpoint } = this.parts
    let kept: Promise<void> = Promise.resolve()
    try {
      return await provider.refresh(setup, stored, scopes, { ...values, ...access.found }, (answer, sentAt) => {
        failpoint('P3')
        entry.write({ answer, sentAt })
        failpoint('P4')
        // The commit that follows is what counts: this copy is for a process that does not live to make it.
        kept = answers.keep(accountUuid, claim, { answer, sentAt }).catch(() => {})
      })
    } catch (error) {
      const failure = failureOf(error)
      if (failure) return failure
      throw error
    } finally {
      await Promise.race([kept, sleep(LONGEST_KEEP)])
    }
  }
}

/** Milliseconds that an answer waits for its copy in the database before it is committed. */
const LONGEST_KEEP = 500

/** @returns null for an unexpected error */
function failureOf(error: unknown): TokenFailure | null {
  if (error instanceof TokenFailure) return error
  return error instanceof ValetkeyError ? new TokenFailure('rejected', error.message, error.code, null, error) : null
}
