/**
 * One request of one caller, through whichever door it came. It is the first argument of every use
 * case, which begins by asking it: `context.authorize`. Nothing else decides what a caller may do.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditLog, AuditTrail } from './audit/audit.js'
import { AuditOutcome } from './audit/audit-event.js'
import type { Caller } from './callers/caller.js'
import type { Permission } from './callers/permission.js'
import { USE_CASES, type UseCase } from './callers/use-cases.js'
import { ValetkeyError } from './errors.js'

export class Context {
  /**
   * @param em forked for this request
   * @param audit knows who acts, and from where
   * @param auditLog takes what is denied
   */
  constructor(
    readonly caller: Caller,
    readonly em: EntityManager,
    readonly audit: AuditTrail,
    private readonly auditLog: AuditLog,
  ) {}

  /**
   * Lets the caller go on with a use case, or records that it was denied.
   *
   * @throws {ValetkeyError} FORBIDDEN, naming the permission that is missing
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
