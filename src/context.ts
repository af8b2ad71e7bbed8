/**
 * The context of one request of one caller. It is the first argument of every use case, which begins with
 * `context.authorize`: no other code checks permissions.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import type { AuditLog, AuditTrail } from './audit/audit.js'
import { AuditOutcome } from './audit/audit-event.js'
import type { Caller } from './callers/caller.js'
import { type Reach, USE_CASES, type UseCase } from './callers/use-cases.js'
import { ValetkeyError } from './errors.js'

const TOO_NARROW: Record<Reach, string> = {
  account: '',
  connection: 'This concerns every user of a connection, and needs an API key that is not bound to identifiers.',
  server: 'This concerns every connection, and needs an API key that is bound to no connections and identifiers.',
}

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
    readonly auditLog: AuditLog,
  ) {}

  /**
   * Checks the caller's permission for a use case, and how far it reaches; a denial is recorded in the audit log.
   *
   * @throws {ValetkeyError} FORBIDDEN with the name of the missing permission, or for a key that is bound too narrowly
   */
  async authorize(useCase: UseCase): Promise<void> {
    const { needs, reach } = USE_CASES[useCase]
    const isPermitted = needs.length === 0 || needs.some((permission) => this.caller.permissions.has(permission))
    const isFarEnough = this.reaches(reach)
    if (isPermitted && isFarEnough) return
    await this.recordDenial(useCase, isPermitted ? { reach } : { needs })
    throw new ValetkeyError(
      'FORBIDDEN',
      isPermitted ? TOO_NARROW[reach] : `This API key lacks the permission ${needs.join(' or ')}.`,
    )
  }

  private reaches(reach: Reach): boolean {
    const { connections, identifiers } = this.caller
    if (reach === 'account') return true
    return identifiers.length === 0 && (reach === 'connection' || connections.length === 0)
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
  private recordDenial(useCase: UseCase, lacks: Record<string, unknown>): Promise<void> {
    const event = () =>
      this.audit.event({
        action: 'operation.denied',
        outcome: AuditOutcome.DENIED,
        details: { field: useCase, ...lacks },
      })
    const denial = this.denials.get(useCase) ?? this.auditLog.write(event())
    this.denials.set(useCase, denial)
    return denial
  }
}
