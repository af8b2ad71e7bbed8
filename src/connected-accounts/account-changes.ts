/**
 * Subscriptions to changes of an account. A trigger of PostgreSQL sends a notification for every change,
 * whichever replica and whichever code made it. The notification carries no data: each subscriber reads the
 * account again. Changes that come while a subscriber is busy are merged, so that it reads the latest state
 * once.
 */
import type { Caller } from '../callers/caller.js'
import type { Context } from '../context.js'
import type { Listener } from '../database/listener.js'
import { toTypeId } from '../ids.js'
import type { ConnectedAccount } from './connected-account.js'
import type { ConnectedAccounts } from './connected-accounts.js'

/** Name of the channel, as in the trigger of the migrations. */
export const ACCOUNT_CHANGED = 'connected_account_changed'
/** Milliseconds that a subscription lasts; then the client reconnects, and is authenticated again. */
const LONGEST = 15 * 60_000

/** Milliseconds between two looks at whether the keys and sessions of the subscribers still hold. */
const LOOK = 2_000

/** The uuid of an account that has changed, or whose subscription has just started. */
export interface AccountChange {
  account: string
}

/** Context of a subscription. `changes` is here because TypeGraphQL calls `subscribe` without the resolver. */
export type WatchingContext = Context & { readonly changes: AccountChanges }

/** Open subscriptions of this process. */
export class AccountChanges {
  /** What ends a subscription, with the caller that it is for. */
  private readonly endings = new Map<() => void, Caller>()
  private timer: NodeJS.Timeout | undefined

  /**
   * @param listener on the channel ACCOUNT_CHANGED
   * @param ended which of some callers came in with a key or a session that has ended
   */
  constructor(
    private readonly listener: Listener,
    private readonly accounts: ConnectedAccounts,
    private readonly ended: (callers: readonly Caller[]) => Promise<Set<Caller>>,
  ) {}

  /**
   * Yields once immediately, and then whenever the account has changed since the last value was taken.
   *
   * @throws {ValetkeyError} FORBIDDEN, or NOT_FOUND, also for what the caller is not bound to
   */
  async watch(context: Context, connection: string, identifier: string): Promise<AsyncIterableIterator<AccountChange>> {
    await context.authorize('Subscription.connectedAccountChanged')
    const { uuid } = await this.accounts.byIdentifier(context.em, context.caller, connection, identifier)
    return this.changesOf(uuid, context.caller)
  }

  /** Reads the account's current state. @throws {ValetkeyError} FORBIDDEN, NOT_FOUND */
  async latest(context: Context, { account }: AccountChange): Promise<ConnectedAccount> {
    await context.authorize('Subscription.connectedAccountChanged')
    return this.accounts.byId(context.em.fork(), context.caller, toTypeId('acct', account))
  }

  /** Ends every subscription; the clients reconnect, to another replica. */
  close() {
    clearInterval(this.timer)
    for (const end of [...this.endings.keys()]) end()
  }

  /** Ends the subscriptions of keys that were revoked or have expired, and of sessions that have ended. */
  private async endRevoked() {
    if (this.endings.size === 0) return
    const ended = await this.ended([...this.endings.values()])
    for (const [end, caller] of [...this.endings]) if (ended.has(caller)) end()
  }

  private changesOf(account: string, caller: Caller): AsyncIterableIterator<AccountChange> {
    let pending = true
    let ended = false
    let waiting: ((result: IteratorResult<AccountChange>) => void) | null = null
    const deliver = () => {
      if (!waiting || !(pending || ended)) return
      const resolve = waiting
      waiting = null
      pending = false
      resolve(ended ? { done: true, value: undefined } : { done: false, value: { account } })
    }
    const subscription = this.listener.subscribe(account, () => {
      pending = true
      deliver()
    })
    const end = () => {
      ended = true
      clearTimeout(timer)
      this.endings.delete(end)
      subscription.end()
      deliver()
    }
    const timer = setTimeout(end, LONGEST).unref()
    this.endings.set(end, caller)
    // While the database is away nothing can be delivered either.
    this.timer ??= setInterval(() => this.endRevoked().catch(() => {}), LOOK).unref()
    return {
      next: async () => {
        // The account is read only when the channel is listened to, so that no change is missed.
        await subscription.ready
        return new Promise((resolve) => {
          waiting = resolve
          deliver()
        })
      },
      return: async () => {
        end()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }
}
