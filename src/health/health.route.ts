import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.js'

/** `/healthz`: the process answers. `/readyz`: it can serve. `/metrics`: what it counts. */
export function healthRoutes(
  app: FastifyInstance,
  schemaIsCurrent: () => Promise<boolean>,
  metrics: Metrics,
  isDraining: () => boolean,
) {
  app.get('/healthz', { logLevel: 'silent' }, () => ({ status: 'ok' }))
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) => {
    const problem = isDraining()
      ? 'stopping'
      : await schemaIsCurrent().then(
          (current) => (current ? null : 'the schema is not current'),
          () => 'the database cannot be reached',
        )
    return problem === null ? { status: 'ready' } : reply.status(503).send({ status: problem })
  })
  app.get('/metrics', { logLevel: 'silent' }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}
