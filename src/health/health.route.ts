import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.js'

/**
 * Mounts `/healthz` (the process answers), `/readyz` (the database is reachable, its schema is current, and its keys
 * are known; with `?verbose`, what refreshes have left unfinished, and how the audit log is guarded) and `/metrics`
 * (Prometheus).
 *
 * @param knowsAllKeys whether this process can unwrap every data key
 * @param details what `?verbose` adds, by name
 */
export function healthRoutes(
  app: FastifyInstance,
  schemaIsCurrent: () => Promise<boolean>,
  knowsAllKeys: () => boolean,
  metrics: Metrics,
  isDraining: () => boolean,
  details: () => Promise<Record<string, number | string>>,
) {
  app.get('/healthz', { logLevel: 'silent' }, () => ({ status: 'ok' }))
  app.get('/readyz', { logLevel: 'silent' }, async (request, reply) => {
    const problem = isDraining()
      ? 'stopping'
      : !knowsAllKeys()
        ? 'a data key cannot be unwrapped: see data-key.unknown in the log'
        : await schemaIsCurrent().then(
            (current) => (current ? null : 'the schema is not current'),
            () => 'the database cannot be reached',
          )
    if (problem !== null) return reply.status(503).send({ status: problem })
    const isVerbose = Object.hasOwn(request.query as object, 'verbose')
    return { status: 'ready', ...(isVerbose ? await details() : {}) }
  })
  app.get('/metrics', { logLevel: 'silent' }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}
