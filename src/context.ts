import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditTrail } from './audit/audit.js'
import type { Caller } from './callers/caller.js'

/** What a resolver knows of its request. */
export interface Context {
  caller: Caller
  /** Forked for this request. */
  em: EntityManager
  audit: AuditTrail
  requestId: string
  /** How many tokens this operation has asked for so far. */
  tokenReads: number
}

/** What a subscription has besides. */
export interface WatchingContext extends Context {
  /** Rings whenever the account has changed, and once at once. @throws {ValetkeyError} NOT_FOUND, FORBIDDEN */
  watchAccount(connection: string, identifier: string): Promise<AsyncIterableIterator<{ account: string }>>
}
