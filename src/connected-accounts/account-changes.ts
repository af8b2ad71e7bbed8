/**
 * Subscriptions to changes of an account. A trigger of PostgreSQL sends a notification for every change,
 * whichever replica and whichever code made it. The notification carries no data: each subscriber reads the
 * account again. Changes that come while a subscriber is busy are merged, so that it reads the latest state
 * once.
 */
import type { Context } from '../context.js'
import type { Listener } from '../database/listener.js'
import { toTypeId } from '../ids.js'
import type { ConnectedAccount } from './connected-account.js'
import type { ConnectedAccounts } from './connected-accounts.js'

/** Name of the channel, as in the trigger of the migrations. */
export const ACCOUNT_CHANGED = 'connected_account_changed'
/** Milliseconds that a subscription lasts; then the client reconnects, and is authenticated again. */
const LONGEST = 15 * 60_000

/** The uuid of an account that has changed, or whose subscription has just started. */
export interface AccountChange {
  account: string
}

/** Context of a subscription. `changes` is here because TypeGraphQL calls `subscribe` without the resolver. */
export type WatchingContext = Context & { readonly changes: AccountChanges }

/** Open subscriptions of this process. */
export class AccountChanges {
  private readonly endings = new Set<() => void>()

  /** @param listener on the channel ACCOUNT_CHANGED */
  constructor(
    private readonly listener: Listener,
    private readonly accounts: ConnectedAccounts,
  ) {}

  /**
   * Yields once immediately, and then whenever the account has changed since the last value was taken.
   *
   * @throws {ValetkeyError} FORBIDDEN, or NOT_FOUND, also for what the caller is not bound to
   */
  async watch(context: Context, connection: string, identifier: string): Promise<AsyncIterableIterator<AccountChange>> {
    await context.authorize('Subscription.connectedAccountChanged')
    const { uuid } = await this.accounts.byIdentifier(context.em, context.caller, connection, identifier)
    return this.changesOf(uuid)
  }

  /** Reads the account's current state. @throws {ValetkeyError} FORBIDDEN, NOT_FOUND */
  async latest(context: Context, { account }: AccountChange): Promise<ConnectedAccount> {
    await context.authorize('Subscription.connectedAccountChanged')
    return this.accounts.byId(context.em.fork(), context.caller, toTypeId('acct', account))
  }

  /** Ends every subscription; the clients reconnect, to another replica. */
  close() {
    for (const end of [...this.endings]) end()
  }

  private changesOf(account: string): AsyncIterableIterator<AccountChange> {
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
    this.endings.add(end)
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
