/**
 * The context of one request of one caller. It is the first argument of every use case, which begins with
 * `context.authorize`: no other code checks permissions.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
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
   * Checks the caller's permission for a use case, and how far it reaches; a denial is recorded in the audit log.
   *
   * @throws {ValetkeyError} FORBIDDEN with the name of the missing permission, or for a key that is bound too narrowly
   */
  async authorize(useCase: UseCase): Promise<void> {
    const { needs, reach } = USE_CASES[useCase]
    const isPermitted = needs.length === 0 || needs.some((permission) => this.caller.permissions.has(permission))
    const isFarEnough = this.reaches(reach)
    if (isPermitted && isFarEnough) return
    await this.auditLog.write(
      this.audit.event({
        action: 'operation.denied',
        outcome: AuditOutcome.DENIED,
        details: isPermitted ? { field: useCase, reach } : { field: useCase, needs },
      }),
    )
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
}
