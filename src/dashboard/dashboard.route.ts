import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { packageRoot } from '../package-root.js'

/** What Vite made of `dashboard/web`. */
const BUILT = path.join(packageRoot, 'dist', 'web')

/** `GET /graphiql`, from this server's own files: it works without any other network. */
export async function dashboardRoutes(app: FastifyInstance) {
  if (!existsSync(path.join(BUILT, 'graphiql.html'))) {
    app.get('/graphiql', (_request, reply) => reply.status(503).type('text/plain').send('GraphiQL is not built. Run: npm run build\n'))
    return
  }
  await app.register(fastifyStatic, { root: path.join(BUILT, 'assets'), prefix: '/assets/', immutable: true, maxAge: '1y' })
  app.get('/graphiql', (_request, reply) =>
    reply
      .headers({
        // Monaco, the editor, styles itself at run time and starts its workers from our own files.
        'content-security-policy':
          "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      })
      .sendFile('graphiql.html', BUILT),
  )
}
