/**
 * The context of one request of one caller. It is the first argument of every use case, which begins with
 * `context.authorize`: no other code checks permissions.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import type { AuditLog, AuditTrail } from './audit/audit.js'
import { AuditOutcome } from './audit/audit-event.js'
import type { Caller } from './callers/caller.js'
import type { Permission } from './callers/permission.js'
import { USE_CASES, type UseCase } from './callers/use-cases.js'
import { ValetkeyError } from './errors.js'

/** A caller's request, and the check of its permissions. */
export class Context {
  private readonly loaders = new Map<string, DataLoader<unknown, unknown>>()
  private readonly denials = new Map<UseCase, Promise<void>>()

  /**
   * @param em forked for this request
   * @param audit makes this request's audit events
   * @param auditLog stores denied operations
   */
  constructor(
    readonly caller: Caller,
    readonly em: EntityManager,
    readonly audit: AuditTrail,
    private readonly auditLog: AuditLog,
  ) {}

  /**
   * Checks the caller's permission for a use case; a denial is recorded in the audit log.
   *
   * @throws {ValetkeyError} FORBIDDEN with the name of the missing permission
   */
  async authorize(useCase: UseCase): Promise<void> {
    const needs: readonly Permission[] = USE_CASES[useCase]
    if (needs.length === 0 || needs.some((permission) => this.caller.permissions.has(permission))) return
    await this.recordDenial(useCase, needs)
    throw new ValetkeyError('FORBIDDEN', `This API key lacks the permission ${needs.join(' or ')}.`)
  }
  /**
   * Reads what belongs to one of many parents, for all of those that ask in the same turn of the event loop in one
   * statement: a field of a list's items has no statement for each item. Nothing is kept for a later turn, since a
   * mutation may come between.
   *
   * @param name of the list with everything that it depends on but the parent
   * @param key of the parent
   * @param read returns one value for each key, in their order
   */
  loadOf<K, V>(name: string, key: K, read: (keys: readonly K[]) => Promise<V[]>): Promise<V> {
    const loader = this.loaders.get(name) ?? new DataLoader(read as never, { cache: false })
    this.loaders.set(name, loader)
    return loader.load(key) as Promise<V>
  }

  /** Once for each use case, however many items of a list it was refused for. */
  private recordDenial(useCase: UseCase, needs: readonly Permission[]): Promise<void> {
    const event = () =>
      this.audit.event({
        action: 'operation.denied',
        outcome: AuditOutcome.DENIED,
        details: { field: useCase, needs },
      })
    const denial = this.denials.get(useCase) ?? this.auditLog.write(event())
    this.denials.set(useCase, denial)
    return denial
  }
}
