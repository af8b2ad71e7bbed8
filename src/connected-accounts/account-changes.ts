/**
 * Who wants to know at once when an account changes. A trigger says so on a channel of PostgreSQL,
 * whichever replica, and whichever path, the change came by. A change is a bell, not a message: whoever
 * is slow reads the latest state once.
 */
import type { Context } from '../context.js'
import type { Listener } from '../database/listener.js'
import { toTypeId } from '../ids.js'
import type { ConnectedAccount } from './connected-account.js'
import type { ConnectedAccounts } from './connected-accounts.js'

/** As the trigger in the migrations names it. */
export const ACCOUNT_CHANGED = 'connected_account_changed'
/** Milliseconds that one subscription lives; its client asks again, and is authenticated again. */
const LONGEST = 15 * 60_000

/** The account with this uuid has changed, or is looked at for the first time. */
export interface AccountChange {
  account: string
}

/** What a subscription's context has besides: TypeGraphQL gives its `subscribe` no resolver to ask. */
export type WatchingContext = Context & { readonly changes: AccountChanges }

export class AccountChanges {
  private readonly endings = new Set<() => void>()

  /** @param listener on the channel ACCOUNT_CHANGED */
  constructor(
    private readonly listener: Listener,
    private readonly accounts: ConnectedAccounts,
  ) {}

  /**
   * Rings once at once, and then whenever the account has changed since the last ring was heard.
   *
   * @throws {ValetkeyError} FORBIDDEN, or NOT_FOUND, also for what the caller is not bound to
   */
  async watch(context: Context, connection: string, identifier: string): Promise<AsyncIterableIterator<AccountChange>> {
    await context.authorize('Subscription.connectedAccountChanged')
    const { uuid } = await this.accounts.byIdentifier(context.em, context.caller, connection, identifier)
    return this.ringsOf(uuid)
  }

  /** The account as it is now. @throws {ValetkeyError} FORBIDDEN, NOT_FOUND */
  async latest(context: Context, { account }: AccountChange): Promise<ConnectedAccount> {
    await context.authorize('Subscription.connectedAccountChanged')
    return this.accounts.byId(context.em.fork(), context.caller, toTypeId('acct', account))
  }

  /** Ends every subscription: their clients ask another replica. */
  close() {
    for (const end of [...this.endings]) end()
  }

  private ringsOf(account: string): AsyncIterableIterator<AccountChange> {
    let rung = true
    let ended = false
    let waiting: ((result: IteratorResult<AccountChange>) => void) | null = null
    const deliver = () => {
      if (!waiting || !(rung || ended)) return
      const resolve = waiting
      waiting = null
      rung = false
      resolve(ended ? { done: true, value: undefined } : { done: false, value: { account } })
    }
    const subscription = this.listener.subscribe(account, () => {
      rung = true
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
        // Listening first, reading after: no change falls between.
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
