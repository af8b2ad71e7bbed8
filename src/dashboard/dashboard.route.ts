/**
 * The pages for developers: `GET /dashboard` and every address below it is the web application, `GET /graphiql`
 * is GraphiQL. Both load only files of this server, and so work without internet access.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { packageRoot } from '../package-root.js'

/** Output directory of Vite for `dashboard/web`. */
const BUILT = path.join(packageRoot, 'dist', 'web')

const HEADERS = {
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}
const OWN = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; img-src 'self' data:"
/** Stands for the nonce in the built pages: vite.config.ts. */
const NONCE = '{csp-nonce}'
const POLICIES = {
  dashboard: `${OWN}; script-src 'self' 'nonce-${NONCE}'; style-src 'self' 'nonce-${NONCE}'`,
  // Monaco, the editor, adds style elements without a nonce, and starts its workers from blobs.
  graphiql:
    `${OWN}; script-src 'self' 'nonce-${NONCE}'; style-src 'self' 'unsafe-inline'; ` +
    "font-src 'self' data:; worker-src 'self' blob:",
}

/**
 * Mounts the pages; where they are not built, each address answers 503 with the command that builds them.
 *
 * @param base the path of this server's addresses
 */
export async function dashboardRoutes(app: FastifyInstance, base: string) {
  if (!existsSync(path.join(BUILT, 'dashboard.html'))) {
    for (const url of ['/dashboard', '/dashboard/*', '/graphiql'])
      app.get(url, (_request, reply) =>
        reply.status(503).type('text/plain').send('The pages are not built. Run: npm run build\n'),
      )
    return
  }
  const page = (name: keyof typeof POLICIES) => async (_request: unknown, reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64')
    // Read anew each time: it names the files of the build that there is, also under npm run dev.
    const built = await readFile(path.join(BUILT, `${name}.html`), 'utf8')
    return reply
      .headers({ ...HEADERS, 'content-security-policy': POLICIES[name].replaceAll(NONCE, nonce) })
      .type('text/html; charset=utf-8')
      .send(
        built
          .replaceAll(NONCE, nonce)
          .replaceAll('="/assets/', `="${base}/assets/`)
          .replace('<html', `<html data-base="${base}"`),
      )
  }
  await app.register(fastifyStatic, {
    root: path.join(BUILT, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '1y',
    preCompressed: true,
  })
  app.get('/', (_request, reply) => reply.redirect(`${base}/dashboard`))
  app.get('/dashboard', page('dashboard'))
  // The web application routes these addresses itself; a reload or a link requests them from here.
  app.get('/dashboard/*', page('dashboard'))
  app.get('/graphiql', page('graphiql'))
}
