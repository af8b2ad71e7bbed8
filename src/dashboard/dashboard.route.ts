/**
 * The pages of developers, from this server's own files: `GET /dashboard` and every address below it is
 * the web application, `GET /graphiql` is GraphiQL. Both work without any other network.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { packageRoot } from '../package-root.js'

/** What Vite made of `dashboard/web`. */
const BUILT = path.join(packageRoot, 'dist', 'web')

const HEADERS = {
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
}
const OWN = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; img-src 'self' data:"
const POLICIES = {
  // Mantine writes its styles into the page.
  dashboard: `${OWN}; style-src 'self' 'unsafe-inline'`,
  // Monaco, the editor, does so too, and starts its workers from our own files.
  graphiql: `${OWN}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; worker-src 'self' blob:`,
}

export async function dashboardRoutes(app: FastifyInstance) {
  if (!existsSync(path.join(BUILT, 'dashboard.html'))) {
    for (const url of ['/dashboard', '/dashboard/*', '/graphiql'])
      app.get(url, (_request, reply) =>
        reply.status(503).type('text/plain').send('The pages are not built. Run: npm run build\n'),
      )
    return
  }
  const page = (name: keyof typeof POLICIES) => (_request: unknown, reply: FastifyReply) =>
    reply.headers({ ...HEADERS, 'content-security-policy': POLICIES[name] }).sendFile(`${name}.html`, BUILT)
  await app.register(fastifyStatic, {
    root: path.join(BUILT, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '1y',
    preCompressed: true,
  })
  app.get('/', (_request, reply) => reply.redirect('/dashboard'))
  app.get('/dashboard', page('dashboard'))
  // The application knows what lies below; a reload or a link comes here.
  app.get('/dashboard/*', page('dashboard'))
  app.get('/graphiql', page('graphiql'))
}
