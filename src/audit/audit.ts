/**
 * The audit log. An act and its record are written together: `record` adds the event to the entity
 * manager that flushes the act, so that there is neither an act without a record nor the reverse.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import type { Pool } from 'pg'
import { ONE_TURN } from '../batches.js'
import { AuditEvent, AuditOutcome } from './audit-event.js'

export interface Act {
  /** `resource.action`, such as `connection.updated`. */
  action: string
  outcome?: AuditOutcome
  connection?: string
  identifier?: string
  purpose?: string | null
  /** Nothing secret, and nothing that a user typed into a form. */
  details?: Record<string, unknown>
}

/** The audit log as one request sees it: it knows who acts, and from where. */
export class AuditTrail {
  constructor(
    readonly actor: string,
    readonly ipAddress: string | null,
    readonly requestId: string,
  ) {}

  /** The event of `act`, written with the next flush of `em`. */
  record(em: EntityManager, act: Act) {
    em.persist(this.event(act))
  }

  event({ action, outcome = AuditOutcome.SUCCEEDED, connection, identifier, purpose, details }: Act): AuditEvent {
    return new AuditEvent({
      action,
      outcome,
      actor: this.actor,
      connection: connection ?? null,
      identifier: identifier ?? null,
      purpose: purpose ?? null,
      ipAddress: this.ipAddress,
      details: { ...details, request: this.requestId },
    })
  }
}

/**
 * Records of acts that change nothing else, which are token reads: written at once, those of one
 * turn of the event loop in one statement, and awaited, so that no token leaves without its record.
 */
export class AuditLog {
  private readonly batch: DataLoader<AuditEvent, true>

  constructor(pool: Pool) {
    this.batch = new DataLoader(async (events) => {
      await pool.query({ name: 'audit-write', text: INSERT, values: [JSON.stringify(events.map(rowOf))] })
      return events.map(() => true as const)
    }, ONE_TURN)
  }

  /** Resolves when the event is stored. */
  async write(event: AuditEvent): Promise<void> {
    await this.batch.load(event)
  }
}

/** Columns by name: a column that a later version adds is none of this version's business. */
const COLUMNS = 'id, at, action, outcome, actor, connection, identifier, purpose, ip_address, details'
const INSERT = `
  insert into audit_event (${COLUMNS})
  select ${COLUMNS} from json_populate_recordset(null::audit_event, $1)`

function rowOf(event: AuditEvent) {
  return {
    id: event.uuid,
    at: event.createdAt,
    action: event.action,
    outcome: event.outcome,
    actor: event.actor,
    connection: event.connection,
    identifier: event.identifier,
    purpose: event.purpose,
    ip_address: event.ipAddress,
    details: event.details,
  }
}
