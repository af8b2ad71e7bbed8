/**
 * Looks after what refreshes left unfinished, at the start and every few seconds: answers on this machine's disk
 * and in the database that are not stored yet, refreshes whose process died before their answer came, and tokens
 * that are doubted. Each is one account's affair: what cannot be finished now waits, visibly, and keeps neither
 * the others nor a start.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import { ValetkeyError } from '../errors.js'
import type { Warn } from '../log.js'
import type { Provider } from '../oauth/provider.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import { SealBroken } from '../vault/vault.js'
import type { Answers, WaitingAnswer } from './answers.js'
import type { Leases } from './lease.js'
import { isOfTheRow, type Outcomes, UNSTORABLE } from './outcome.js'
import type { Preparation } from './prepare.js'
import type { Refresher } from './refresh.js'
import type { Spool } from './spool.js'

/** Milliseconds between two sweeps. */
const EVERY = 5_000
/** Seconds that an answer is left to the process that got it: longer than a commit takes. */
const COMMIT_TIME = 20
/** The same where the fault may be over soon, such as a row that somebody has locked. */
const SHORT_PAUSE = 4_000
/** Answers that are stored at once, and milliseconds for which the next one waits for one of them. */
const LANES = 4
const LONGEST_STORING = 1_000
/** Pages of answers in the database that a round looks at. */
const MOST_PAGES = 10
/** Milliseconds for which an answer is left alone that its account or connection does not take. */
const PAUSE = 60_000
/** The same of one that its definition cannot read: whoever corrects it looks whether that helped. */
const REREAD = 10_000

export interface SweepParts {
  orm: MikroORM
  spool: Spool
  answers: Answers
  leases: Leases
  preparation: Preparation
  provider: Provider
  outcomes: Outcomes
  refresher: Refresher
  warn: Warn
  /** Whether the data directory is a new one: another may have been lost, with answers in it. */
  folderIsNew: boolean
}

export class Sweep {
  private timer: NodeJS.Timeout | null = null
  private running: Promise<unknown> = Promise.resolve()
  /** Refreshes that settle something: they may wait for a turn, and the next round does not wait for them. */
  private readonly settling = new Set<Promise<unknown>>()
  /** Answers that are being stored. */
  private readonly storing = new Set<string>()
  /** Whether what an earlier process left behind is this one's now. */
  private isHeir = false
  /** When an answer may be tried again, by the process's monotonic clock. */
  private readonly pauses = new Map<string, number>()

  constructor(private readonly parts: SweepParts) {}

  /** Sweeps once, and from then on; it never fails. */
  async start() {
    await this.inherit()
    // A grace may be ending: what has no outcome is settled at once.
    await this.unsettled()
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.round())
    }, EVERY).unref()
  }

  /** Resolves when nothing is under way any more. */
  async stop() {
    if (this.timer) clearInterval(this.timer)
    this.timer = null
    await this.running
    await Promise.allSettled(this.settling)
  }

  /** One round over everything, for who wants to see what comes of it. */
  async once() {
    await this.round()
    await Promise.allSettled(this.settling)
  }

  private async round() {
    const { leases, spool } = this.parts
    if (!this.isHeir) await this.inherit()
    else {
      await this.spooled()
      await this.waiting(COMMIT_TIME)
      await this.guarded('leases', () => leases.releaseLost(spool.accounts()))
    }
    await this.unsettled()
  }

  /**
   * What an earlier process with the same data directory left behind, before anything is served. Its leases end after
   * its answers are stored: until then they keep everybody else from sending a token that was used.
   */
  private async inherit() {
    const { leases, warn, folderIsNew } = this.parts
    const spooled = await this.spooled()
    const waiting = spooled && (await this.waiting(0))
    if (!spooled || !waiting) return
    const left = [...spooled, ...waiting]
    await this.guarded('leases', async () => {
      const abandoned = folderIsNew ? await leases.abandoned() : 0
      if (abandoned > 0)
        warn(
          'refresh.folder-lost',
          'This process starts with a new VALETKEY_DATA, and refreshes of one that is gone have no outcome. ' +
            'If its folder is lost, answers may be lost with it; accounts whose grant is over say ' +
            'refresh_outcome_lost. Keep VALETKEY_DATA on a volume.',
          { refreshes: abandoned },
        )
      const count = await leases.takeBack(left)
      if (count > 0)
        warn(
          'refresh.outcomes-unknown',
          'Refreshes were under way when an earlier process ended. Answers that it wrote down are stored; ' +
            'the others are tried again where their provider allows it.',
          { count },
        )
      this.isHeir = true
    })
  }

  /** @returns accounts whose answer could not be stored; null where nobody could look */
  private async spooled(): Promise<string[] | null> {
    const { spool, warn } = this.parts
    const left: string[] = []
    const looked = await this.guarded('spool', async () => {
      const entries = spool.entries((file) =>
        this.rarely(file, () =>
          warn(
            'spool.unreadable',
            'A file in the spool is damaged, or was sealed by keys that this server does not have. ' +
              'Start with the earlier keys, or remove it.',
            { file },
          ),
        ),
      )
      const stored = await this.storeAll(entries, 'spool', async (entry) => entry.remove())
      left.push(...entries.filter((entry) => !stored.has(entry)).map(({ accountUuid }) => accountUuid))
    })
    return looked ? left : null
  }

  /** @returns accounts whose answer could not be stored; null where nobody could look */
  private async waiting(olderThanSeconds: number): Promise<string[] | null> {
    const { answers, warn } = this.parts
    const left: string[] = []
    const looked = await this.guarded('answers', async () => {
      const unreadable = (account: string) =>
        this.rarely(account, () =>
          warn('answer.unreadable', 'A stored answer was sealed by keys that this server does not have.', { account }),
        )
      let pages = 0
      for await (const page of answers.waiting(olderThanSeconds, unreadable)) {
        // A definition that reads none of thousands of answers must not keep this process busy: at a start alone all
        // of them are looked at.
        if (olderThanSeconds > 0 && ++pages > MOST_PAGES) break
        const stored = await this.storeAll(page, 'database', ({ accountUuid, claim }) =>
          answers.remove(accountUuid, claim),
        )
        left.push(...page.filter((answer) => !stored.has(answer)).map(({ accountUuid }) => accountUuid))
      }
    })
    return looked ? left : null
  }

  /**
   * Stores answers, a few at a time. One that takes long goes on by itself: neither the others nor a start wait for it.
   *
   * @param stored called for each that is needed no more
   * @returns those
   */
  private async storeAll<T extends WaitingAnswer>(
    list: readonly T[],
    from: string,
    stored: (answer: T) => Promise<void>,
  ): Promise<Set<T>> {
    const done = new Set<T>()
    const queue = [...list]
    const lane = async () => {
      for (let answer = queue.shift(); answer; answer = queue.shift()) {
        const key = keyOf(answer, from)
        if (this.storing.has(key)) continue
        const one = answer
        this.storing.add(key)
        const work = this.store(one, from)
          .then(async (isDone) => {
            if (!isDone) return
            await stored(one)
            done.add(one)
          })
          .catch((error) => this.failed(from, error))
          .finally(() => {
            this.storing.delete(key)
            this.settling.delete(work)
          })
        this.settling.add(work)
        await Promise.race([work, sleep(LONGEST_STORING, null, { ref: false })])
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    return done
  }

  /** Refreshes whose outcome nobody knows, within their provider's grace; and tokens that have to be tried. */
  private async unsettled() {
    const { leases, orm, refresher } = this.parts
    await this.guarded('leases', async () => {
      const accounts = await leases.unsettled()
      for (const { accountUuid, version } of accounts) {
        const settled = (async () => {
          const account = await orm.em
            .fork()
            .findOne(ConnectedAccount, { uuid: accountUuid }, { populate: ['connection'] })
          const connection = account?.connection.unwrap()
          if (connection && refresher.shouldSettle(connection))
            await refresher.refresh(accountUuid, connection, version)
        })()
        const known: Promise<unknown> = settled
          .catch((error) => this.failed('refreshes', error))
          .finally(() => this.settling.delete(known))
        this.settling.add(known)
      }
    })
  }

  /** @returns whether the answer is needed no more */
  private async store({ accountUuid, claim, arrived }: WaitingAnswer, from: string): Promise<boolean> {
    const key = keyOf({ accountUuid, claim, arrived }, from)
    if ((this.pauses.get(key) ?? 0) > performance.now()) return false
    const { preparation, provider, outcomes, answers, leases, warn } = this.parts
    let isOutdated = false
    try {
      const prepared = await preparation.toStore(accountUuid)
      if (!prepared) return true
      isOutdated = claim.version !== prepared.version && claim.version !== prepared.parentVersion
      const tokens = provider.readStoredAnswer(prepared.setup, arrived.answer, arrived.sentAt)
      const { kind } = await outcomes.commitNow(accountUuid, claim, tokens, prepared)
      if (kind === 'renewed')
        warn('spool.stored', 'An answer that was not stored when it came is stored now.', {
          account: accountUuid,
          from,
        })
      if (kind === 'doubted' && from === 'spool') await answers.keep(accountUuid, claim, arrived)
      this.pauses.delete(key)
      return kind !== 'doubted' || from === 'spool'
    } catch (error) {
      if (error instanceof TokenFailure && (error.type !== 'unreadable' || isOutdated)) {
        await outcomes.fail(accountUuid, claim, error, 0)
        return true
      }
      const { event, message, pause, reason } = whyItWaits(error)
      this.pauses.set(key, performance.now() + pause)
      await leases.hold(accountUuid, claim, (2 * PAUSE) / 1000, reason).catch(() => {})
      this.rarely(`${event} ${key}`, () => warn(event, message, { account: accountUuid, from, err: error }))
      return false
    }
  }

  private rarely(what: string, act: () => void) {
    if ((this.pauses.get(what) ?? 0) > performance.now()) return
    this.pauses.set(what, performance.now() + PAUSE)
    act()
  }

  /** @returns whether it went well */
  private async guarded(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.failed(what, error)
      return false
    }
  }

  private failed(what: string, error: unknown) {
    this.rarely(`failed ${what}`, () =>
      this.parts.warn('sweep.failed', 'What refreshes left unfinished could not be looked at; it is tried again.', {
        what,
        err: error,
      }),
    )
  }
}

/** Why an answer waits, for the log and for its account; `pause` in milliseconds. */
function whyItWaits(error: unknown): { event: string; message: string; pause: number; reason: string } {
  if (error instanceof TokenFailure)
    return {
      event: 'answer.unreadable-by-definition',
      message:
        'The definition of a connector cannot read an answer. It is kept, and read again until that is corrected.',
      pause: REREAD,
      reason: error.message,
    }
  if (error instanceof ValetkeyError)
    return {
      event: 'answer.connection-unavailable',
      message:
        'An answer belongs to a connection whose connector this server does not offer. ' +
        'It is kept, and tried again every minute.',
      pause: PAUSE,
      reason: UNSTORABLE,
    }
  if (isOfTheRow(error) && !(error instanceof SealBroken))
    return {
      event: 'answer.unstorable',
      message: "A provider's answer cannot be stored in its account's row. It is kept, and tried again every minute.",
      pause: PAUSE,
      reason: UNSTORABLE,
    }
  // What the database could not do now, it can perhaps in the next round.
  return {
    event: 'answer.waits',
    message: 'An answer could not be stored now. It is kept, and tried again every few seconds.',
    pause: error instanceof SealBroken ? PAUSE : SHORT_PAUSE,
    reason: UNSTORABLE,
  }
}

function keyOf({ accountUuid, claim }: WaitingAnswer, from: string): string {
  return `${accountUuid}.${claim.version}.${claim.fence}.${from}`
}
