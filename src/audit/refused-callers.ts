import type { FastifyRequest } from 'fastify'
import { partyOf } from '../callers/address-ranges.js'
import type { Limit, Limits } from '../limits/limits.js'
import { type AuditLog, AuditTrail } from './audit.js'
import { AuditOutcome } from './audit-event.js'

/** Requests without a valid key from one address: a guesser gets no further, and fills no disk with its traces. */
const STRANGERS: Limit = { most: 30, seconds: 60 }

/** Records requests whose key or session is not valid, at whatever door. */
export class RefusedCallers {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly limits: Limits,
  ) {}

  /**
   * @param reason what the caller is told; no part of the key is in it
   * @throws {RateLimited} for an address with too many of them; nothing is recorded then
   */
  async record({ ip, id }: FastifyRequest, reason: string) {
    await this.limits.hit(`stranger:${partyOf(ip)}`, STRANGERS, 'Too many requests without a valid key.')
    await this.auditLog.write(
      new AuditTrail('unknown', ip, id).event({
        action: 'caller.refused',
        outcome: AuditOutcome.DENIED,
        details: { reason },
      }),
    )
  }
}
