import type { EntityManager } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { AuditEvent } from '../audit/audit-event.js'
import { clock } from '../clock.js'
import type { Connections } from '../connections/connections.js'
import { PLAYGROUND_CLIENT } from './client.js'

/**
 * Creates the connection `playground` on the first start. It is not created again after it was deleted, for as long as
 * the audit log goes back.
 */
export async function firstConnection(em: EntityManager, connections: Connections) {
  await em.transactional(async (em) => {
    await em.execute("select pg_advisory_xact_lock(hashtext('valetkey.first-connection'))")
    // Either of the two may be gone: the connection was deleted or renamed, or retention deleted the event.
    if ((await em.execute("select from connection where name = 'playground'")).length > 0) return
    const before = { action: { $in: ['connection.created', 'connection.deleted'] }, connection: 'playground' }
    if ((await em.count(AuditEvent, before)) > 0) return
    const fields = [
      { key: 'client_id', value: PLAYGROUND_CLIENT.id },
      { key: 'client_secret', value: PLAYGROUND_CLIENT.secret },
    ]
    await connections.add(em, { connector: 'playground', name: 'playground', fields }, clock.now())
    new AuditTrail('valetkey', null, 'first start').record(em, {
      action: 'connection.created',
      connection: 'playground',
      details: { connector: 'playground' },
    })
  })
}
