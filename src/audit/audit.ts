/**
 * The audit log. An act and its event are stored in one transaction: `record` adds the event to the entity
 * manager that flushes the act, so that neither is stored without the other.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import type { Pool } from 'pg'
import { ONE_TURN } from '../batches.js'
import { clock } from '../clock.js'
import { newUuid } from '../ids.js'
import { AuditEvent, AuditOutcome } from './audit-event.js'

/** An act that is to be recorded. */
export interface Act {
  /** `resource.action`, such as `connection.updated`. */
  action: string
  outcome?: AuditOutcome
  connection?: string
  identifier?: string
  purpose?: string | null
  /** Must not contain secrets or values that a user entered into a form. */
  details?: Record<string, unknown>
}

/** Makes the events of one request: it holds the actor and the address of the client. */
export class AuditTrail {
  /**
   * @param actor id of the API key or of the link, `admin`, or `valetkey` for the server itself
   * @param ipAddress of the client; null for the server itself
   */
  constructor(
    readonly actor: string,
    readonly ipAddress: string | null,
    readonly requestId: string,
  ) {}

  /** Stores the event of `act` with the next flush of `em`. */
  record(em: EntityManager, act: Act) {
    const { ip_address: ipAddress, id, at, ...values } = this.event(act)
    em.persist(new AuditEvent({ ...values, ipAddress }))
  }

  /** Makes the row of an act without storing it. */
  event({ action, outcome = AuditOutcome.SUCCEEDED, connection, identifier, purpose, details }: Act): AuditRow {
    return {
      id: newUuid(),
      at: clock.now(),
      action,
      outcome,
      actor: this.actor,
      connection: connection ?? null,
      identifier: identifier ?? null,
      purpose: purpose ?? null,
      ip_address: this.ipAddress,
      details: { ...details, request: this.requestId },
    }
  }
}

/** An event as its table has it: token reads are written without an entity, which would cost more than the rest. */
interface AuditRow {
  id: string
  at: Date
  action: string
  outcome: AuditOutcome
  actor: string
  connection: string | null
  identifier: string | null
  purpose: string | null
  ip_address: string | null
  details: Record<string, unknown>
}

/**
 * Records token reads, which change nothing else and so have no transaction. All events of one turn of the
 * event loop are written in one statement. The gate awaits it, so that no token is returned unrecorded.
 */
export class AuditLog {
  private readonly batch: DataLoader<AuditRow, true>

  constructor(pool: Pool) {
    const store = (events: readonly AuditRow[]) =>
      pool.query({ name: 'audit-write', text: INSERT, values: [JSON.stringify(events)] })
    this.batch = new DataLoader(async (events) => {
      try {
        await store(events)
        return events.map(() => true as const)
      } catch (error) {
        if (events.length === 1) return [error as Error]
        // One that cannot be stored must cost the others nothing.
        return Promise.all(
          events.map((event) =>
            store([event]).then(
              () => true as const,
              (error: Error) => error,
            ),
          ),
        )
      }
    }, ONE_TURN)
  }

  /** Resolves when the event is stored. @throws the database's error */
  async write(event: AuditRow): Promise<void> {
    await this.batch.load(event)
  }
}

/** Listed by name, so that the statement still works after a later version has added a column. */
const COLUMNS = 'id, at, action, outcome, actor, connection, identifier, purpose, ip_address, details'
const INSERT = `
  insert into audit_event (${COLUMNS})
  select ${COLUMNS} from json_populate_recordset(null::audit_event, $1)`
