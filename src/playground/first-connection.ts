import type { EntityManager } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { AuditEvent } from '../audit/audit-event.js'
import type { Caller } from '../callers/caller.js'
import { ALL_PERMISSIONS } from '../callers/permission.js'
import type { Connections } from '../connections/connections.js'
import { PLAYGROUND_CLIENT } from './client.js'

/** The connection that a first start has ready. One that was removed since does not come back. */
export async function firstConnection(em: EntityManager, connections: Connections) {
  await em.transactional(async (em) => {
    await em.execute("select pg_advisory_xact_lock(hashtext('valetkey.first-connection'))")
    if ((await em.count(AuditEvent, { action: 'connection.created', connection: 'playground' })) > 0) return
    const valetkey: Caller = {
      actor: 'valetkey',
      permissions: new Set(ALL_PERMISSIONS),
      connections: [],
      identifiers: [],
    }
    const fields = [
      { key: 'client_id', value: PLAYGROUND_CLIENT.id },
      { key: 'client_secret', value: PLAYGROUND_CLIENT.secret },
    ]
    await connections.add(em, valetkey, { connector: 'playground', name: 'playground', fields }, new Date())
    new AuditTrail('valetkey', null, 'first start').record(em, {
      action: 'connection.created',
      connection: 'playground',
      details: { connector: 'playground' },
    })
  })
}
