/**
 * Who wants to know at once when an account changes. A trigger says so on a channel of PostgreSQL,
 * whichever replica, and whichever path, the change came by; each process listens with one connection
 * while anybody waits. A change is a bell, not a message: whoever is slow reads the latest state once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool, PoolClient } from 'pg'
import type { Caller } from '../callers/caller.js'
import { Permission } from '../callers/permission.js'
import { ValetkeyError } from '../errors.js'
import type { ConnectedAccounts } from './connected-accounts.js'

/** As the trigger in the migrations names it. */
const CHANNEL = 'connected_account_changed'
/** Milliseconds that one subscription lives; its client asks again, and is authenticated again. */
const LONGEST = 15 * 60_000
const LONGEST_PAUSE = 10_000

export class AccountChanges {
  private readonly waiting = new Map<string, Set<() => void>>()
  private readonly ends = new Set<() => void>()
  private listener: Promise<PoolClient> | null = null
  private closed = false

  constructor(
    private readonly pool: Pool,
    private readonly accounts: ConnectedAccounts,
    private readonly warn: (message: string, details: object) => void,
  ) {}

  /** @throws {ValetkeyError} FORBIDDEN, or NOT_FOUND, also for what the caller is not bound to */
  async watch(
    em: EntityManager,
    caller: Caller,
    connection: string,
    identifier: string,
  ): Promise<AsyncIterableIterator<{ account: string }>> {
    // The checker of permissions sees each event; this comes before the first.
    if (!caller.permissions.has(Permission.ACCOUNTS_READ))
      throw new ValetkeyError('FORBIDDEN', `This API key lacks the permission ${Permission.ACCOUNTS_READ}.`)
    const { uuid } = await this.accounts.byIdentifier(em, caller, connection, identifier)
    return this.of(uuid)
  }

  /** Rings once at once, and then whenever the account has changed since the last ring was heard. */
  private of(accountUuid: string): AsyncIterableIterator<{ account: string }> {
    let rung = true
    let ended = false
    let answer: ((result: IteratorResult<{ account: string }>) => void) | null = null
    const value = { account: accountUuid }
    const ring = () => {
      rung = true
      hear()
    }
    const hear = () => {
      if (!answer || !(rung || ended)) return
      const give = answer
      answer = null
      rung = false
      give(ended ? { done: true, value: undefined } : { done: false, value })
    }
    const end = () => {
      ended = true
      clearTimeout(timer)
      this.ends.delete(end)
      this.remove(accountUuid, ring)
      hear()
    }
    const timer = setTimeout(end, LONGEST).unref()
    this.ends.add(end)
    const heard = this.add(accountUuid, ring)
    return {
      next: async () => {
        // Listening first, reading after: nothing falls between.
        await heard
        return new Promise((resolve) => {
          answer = resolve
          hear()
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

  /** Ends every subscription: their clients ask another replica. */
  close() {
    this.closed = true
    for (const end of [...this.ends]) end()
  }

  private add(accountUuid: string, ring: () => void): Promise<unknown> {
    const rings = this.waiting.get(accountUuid) ?? new Set()
    rings.add(ring)
    this.waiting.set(accountUuid, rings)
    this.listener ??= this.listen()
    return this.listener
  }

  private remove(accountUuid: string, ring: () => void) {
    const rings = this.waiting.get(accountUuid)
    rings?.delete(ring)
    if (rings?.size === 0) this.waiting.delete(accountUuid)
    if (this.waiting.size > 0 || !this.listener) return
    const listener = this.listener
    this.listener = null
    listener.then((client) => client.release(true)).catch(() => {})
  }

  private async listen(): Promise<PoolClient> {
    for (let pause = 100; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const client = await this.pool.connect()
        client.on('notification', ({ payload }) => {
          for (const ring of this.waiting.get(payload ?? '') ?? []) ring()
        })
        // A connection that breaks says so twice, by its error and by its end.
        const broken = () => this.lost(client)
        client.once('error', broken)
        client.once('end', broken)
        await client.query(`listen ${CHANNEL}`)
        return client
      } catch (error) {
        if (this.closed) throw error
        this.warn('Changes of accounts cannot be listened to; trying again.', { err: error })
        await sleep(pause)
      }
    }
  }

  /** What happened meanwhile is not known: everybody looks. */
  private async lost(client: PoolClient) {
    const current = await this.listener?.catch(() => null)
    if (this.closed || current !== client) return
    client.release(true)
    this.warn('Changes of accounts are no longer heard; listening anew.', {})
    this.listener = this.waiting.size > 0 ? this.listen() : null
    await this.listener
    for (const rings of this.waiting.values()) for (const ring of rings) ring()
  }
}
