/**
 * The context of one request of one caller. It is the first argument of every use case, which begins with
 * `context.authorize`: no other code checks permissions.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditLog, AuditTrail } from './audit/audit.js'
import { AuditOutcome } from './audit/audit-event.js'
import type { Caller } from './callers/caller.js'
import type { Permission } from './callers/permission.js'
import { USE_CASES, type UseCase } from './callers/use-cases.js'
import { ValetkeyError } from './errors.js'

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
   * Checks the caller's permission for a use case; a denial is recorded in the audit log.
   *
   * @throws {ValetkeyError} FORBIDDEN with the name of the missing permission
   */
  async authorize(useCase: UseCase): Promise<void> {
    const needs: readonly Permission[] = USE_CASES[useCase]
    if (needs.length === 0 || needs.some((permission) => this.caller.permissions.has(permission))) return
    await this.auditLog.write(
      this.audit.event({
        action: 'operation.denied',
        outcome: AuditOutcome.DENIED,
        details: { field: useCase, needs },
      }),
    )
    throw new ValetkeyError('FORBIDDEN', `This API key lacks the permission ${needs.join(' or ')}.`)
  }
}
