/** One refresh that was claimed, from what it needs to what it came to. */
import { performance } from 'node:perf_hooks'
import { ValetkeyError } from '../errors.js'
import type { Provider } from '../oauth/provider.js'
import { type FailureKind, TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { TokenSet } from '../oauth/token-endpoint/token-set.js'
import type { CallOutcome, Circuits } from './circuit.js'
import type { Failpoint } from './failpoint.js'
import { type Claim, LEASE, type Leases } from './lease.js'
import type { Outcomes, RefreshResult } from './outcome.js'
import type { Preparation, Prepared } from './prepare.js'
import type { Spool, SpoolEntry } from './spool.js'

/** Seconds of the provider's call (egress.ts): a process that slept for longer than the rest of its lease does not send. */
const CALL = 15
/** What a failure says about the provider. */
const CALL_OUTCOMES: Record<FailureKind, CallOutcome> = {
  grant: 'refused',
  client: 'answered',
  throttled: 'answered',
  not_sent: 'nothing',
  unknown: 'nothing',
  protocol: 'nothing',
}

/** What an attempt works with. */
export interface AttemptParts {
  preparation: Preparation
  leases: Leases
  spool: Spool
  provider: Provider
  outcomes: Outcomes
  circuits: Circuits
  failpoint: (point: Failpoint) => void
  /** Counts refreshes by how they ended. */
  observe: (outcome: string) => void
}

export class Attempts {
  constructor(private readonly parts: AttemptParts) {}

  /**
   * @param claimedAt by the process's monotonic clock, in milliseconds
   * @returns how it ended
   */
  async carryOut(accountUuid: string, connectionUuid: string, claim: Claim, claimedAt: number): Promise<RefreshResult> {
    const { preparation, leases, outcomes, circuits, failpoint, observe } = this.parts
    const release = () => leases.release(accountUuid, claim.fence)
    const prepared = await preparation.of(accountUuid, claim).catch(async (error) => {
      await release()
      throw error
    })
    if ('kind' in prepared) {
      await release()
      return prepared
    }
    failpoint('P1')
    const sent = await this.send(accountUuid, claim, claimedAt, prepared)
    if (sent === null) {
      await release()
      return { kind: 'changed' }
    }
    const { entry, answer } = sent
    if (answer instanceof TokenFailure) {
      observe(answer.kind)
      const result = await outcomes.fail(accountUuid, claim, answer)
      entry?.remove()
      await circuits.note(connectionUuid, CALL_OUTCOMES[answer.kind])
      return result
    }
    observe('renewed')
    const result = await outcomes.commit(accountUuid, claim, answer, prepared)
    failpoint('P5')
    entry?.remove()
    failpoint('P6')
    await circuits.note(connectionUuid, 'renewed')
    return result
  }

  /** @returns what the provider answered, and where it is written down; null where nothing was sent, as it is too late */
  private async send(
    accountUuid: string,
    claim: Claim,
    claimedAt: number,
    prepared: Prepared,
  ): Promise<{ entry: SpoolEntry | null; answer: TokenSet | TokenFailure } | null> {
    if (prepared.moved) return { entry: null, answer: movedAway() }
    const { spool, leases } = this.parts
    let entry: SpoolEntry | null = null
    try {
      entry = spool.begin(accountUuid, claim)
      // A process that was stopped meanwhile may have been taken over.
      if (performance.now() - claimedAt > (LEASE - CALL) * 1000) {
        entry.remove()
        return null
      }
      return { entry, answer: await this.call(prepared, entry) }
    } catch (error) {
      const failure = failureOf(error)
      if (failure) return { entry, answer: failure }
      entry?.remove()
      await leases.release(accountUuid, claim.fence)
      throw error
    }
  }

  private call({ setup, stored, scopes, values, access }: Prepared, entry: SpoolEntry): Promise<TokenSet> {
    const { provider, failpoint } = this.parts
    return provider.refresh(setup, stored, scopes, { ...values, ...access.found }, (answer, sentAt) => {
      failpoint('P3')
      entry.write({ answer, sentAt })
      failpoint('P4')
    })
  }
}

function movedAway(): TokenFailure {
  return new TokenFailure(
    'grant',
    "The connection's app or address changed, and this grant belongs to the old one.",
    'registration_changed',
  )
}

/** @returns null for a fault that nobody foresaw */
function failureOf(error: unknown): TokenFailure | null {
  if (error instanceof TokenFailure) return error
  return error instanceof ValetkeyError ? new TokenFailure('client', error.message, error.code, null, error) : null
}
