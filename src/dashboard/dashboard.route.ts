/**
 * The pages for developers: `GET /dashboard` and every address below it is the web application, `GET /graphiql`
 * is GraphiQL. Both load only files of this server, and so work without internet access.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { packageRoot } from '../package-root.js'

/** Output directory of Vite for `dashboard/web`. */
const BUILT = path.join(packageRoot, 'dist', 'web')

const HEADERS = {
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
}
const OWN = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; img-src 'self' data:"
const POLICIES = {
  // Mantine adds style elements to the page.
  dashboard: `${OWN}; style-src 'self' 'unsafe-inline'`,
  // Monaco, the editor, adds style elements too, and starts its workers from blobs.
  graphiql: `${OWN}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; worker-src 'self' blob:`,
}

/** Mounts the pages; where they are not built, each address answers 503 with the command that builds them. */
export async function dashboardRoutes(app: FastifyInstance) {
  if (!existsSync(path.join(BUILT, 'dashboard.html'))) {
    for (const url of ['/dashboard', '/dashboard/*', '/graphiql'])
      app.get(url, (_request, reply) =>
        reply.status(503).type('text/plain').send('The pages are not built. Run: npm run build\n'),
      )
    return
  }
  const page = (name: keyof typeof POLICIES) => (_request: unknown, reply: FastifyReply) =>
    reply
      .headers({ ...HEADERS, 'content-security-policy': POLICIES[name] })
      .sendFile(`${name}.html`, BUILT, { cacheControl: false })
  await app.register(fastifyStatic, {
    root: path.join(BUILT, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '1y',
    preCompressed: true,
  })
  app.get('/', (_request, reply) => reply.redirect('/dashboard'))
  app.get('/dashboard', page('dashboard'))
  // The web application routes these addresses itself; a reload or a link requests them from here.
  app.get('/dashboard/*', page('dashboard'))
  app.get('/graphiql', page('graphiql'))
}
