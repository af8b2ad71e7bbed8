import type { MikroORM } from '@mikro-orm/postgresql'
import type { FastifyInstance } from 'fastify'
import type { Connections } from './connections.js'

/** `GET /oauth/client/:connectionId`: the client ID metadata document of a connection. */
export function connectionRoutes(app: FastifyInstance, orm: MikroORM, connections: Connections) {
  app.get<{ Params: { connectionId: string } }>('/oauth/client/:connectionId', async (request, reply) => {
    const metadata = await connections.clientMetadata(orm.em.fork(), request.params.connectionId)
    if (!metadata) return reply.callNotFound()
    return reply.header('cache-control', 'public, max-age=300').send(metadata)
  })
}
