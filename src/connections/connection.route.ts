import type { MikroORM } from '@mikro-orm/postgresql'
import type { FastifyInstance } from 'fastify'
import { fromTypeId } from '../ids.js'
import { clientMetadata } from '../oauth/discovery/client-registration.js'
import { Connection } from './connection.js'
import type { Connections } from './connections.js'

/**
 * `GET /oauth/client/:connectionId`: who this server is, for authorization servers that read it instead
 * of registering clients (OAuth Client ID Metadata Document). The address is the client id.
 */
export function connectionRoutes(app: FastifyInstance, orm: MikroORM, connections: Connections) {
  app.get<{ Params: { connectionId: string } }>('/oauth/client/:connectionId', async (request, reply) => {
    const uuid = fromTypeId('conn', request.params.connectionId)
    const connection = uuid && (await orm.em.fork().findOne(Connection, { uuid }))
    if (!connection) return reply.callNotFound()
    const card = connections.clientCard(connection)
    return reply
      .header('cache-control', 'public, max-age=300')
      .send({ client_id: `${connections.publicUrl}/oauth/client/${connection.id}`, ...clientMetadata(card, 'none') })
  })
}
