/**
 * npm run dev: the server as npm start runs it, built and started anew with every change, and its pages, which reload.
 *
 *   a file of the server  ──▶ tsc ──▶ the next server takes the place of the last one ──▶ pages reload
 *   a file of a page      ──▶ vite ─────────────────────────────────────────────────────▶ pages reload
 *
 * What does not compile is shown, and changes nothing. The next server waits with its packages loaded (dev-server.ts):
 * that is most of a start.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { watch } from 'chokidar'
import { build, type Plugin } from 'vite'
import web, { page } from '../vite.config.ts'
import { program, root, say } from './run.ts'

/** As it was given: Vite sets NODE_ENV for itself, and so for this process. */
const environment = { ...process.env }
const PAGES = path.join(root, 'dist', 'web')

interface Server {
  process: ChildProcess
  ended: Promise<unknown>
  /** Resolves once it serves, or has ended: not before can a signal end it in good order. */
  settled: Promise<unknown>
}

function nextServer(): Server {
  const child = spawn(process.execPath, ['--enable-source-maps', 'scripts/dev-server.ts'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A group of its own: an interrupt from the terminal comes to this script, which ends the server.
    detached: true,
  })
  const ended = once(child, 'exit')
  return { process: child, ended, settled: Promise.race([once(child, 'message'), ended]) }
}

let running: Server | null = null
/** None while a server starts: that needs the machine for itself. */
let waiting: Server | null = nextServer()
let turnover = Promise.resolve()
/** When it was asked to stop. */
let stopping: number | null = null

async function end(server: Server | null) {
  await server?.settled
  server?.process.kill('SIGTERM')
  await server?.ended
}

async function restart() {
  const last = running
  running = null
  await end(last)
  if (stopping) return
  const server = waiting?.process.connected ? waiting : nextServer()
  waiting = null
  running = server
  server.process.send('start')
  server.ended.then(() => {
    if (running === server && !stopping) say('The server has ended. It starts again with the next change.')
  })
  await server.settled
  if (!stopping) waiting = nextServer()
}

/**
 * tsc's own watch mode looks every two seconds.
 * Told to collect no garbage, it takes half as long: it is gone before that matters.
 */
async function compiles(): Promise<boolean> {
  const env = { ...environment, GOGC: 'off' }
  const [code] = await once(
    spawn(program('tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, env, stdio: 'inherit' }),
    'exit',
  )
  return code === 0
}

let wanted = false
let busy = false

/** Compiles and starts anew: once for all the changes that come together, or while it is at it. */
async function changed() {
  wanted = true
  if (busy) return
  busy = true
  while (wanted && !stopping) {
    // An editor, or git, writes more than one file.
    await sleep(50)
    wanted = false
    if (!(await compiles())) say(`The server does not compile.${running ? ' The last one goes on.' : ''}`)
    // A server that finds no pages as it starts has none until it ends.
    else if (!wanted && existsSync(path.join(PAGES, 'dashboard.html'))) {
      turnover = restart()
      await turnover
    }
  }
  busy = false
}

/** Each page by itself: GraphiQL takes long, and seldom changes. Without what makes files small for npm run build. */
async function watchPage(name: Parameters<typeof page>[0]): Promise<void> {
  const first = Promise.withResolvers<void>()
  let files: string[] = []
  const written: Plugin = {
    name: 'written',
    writeBundle(_options, bundle) {
      for (const file of files) if (!(file in bundle)) rmSync(path.join(PAGES, file), { force: true })
      files = Object.keys(bundle).filter((file) => file.startsWith(`assets/${name}-`))
      if (running?.process.connected) running.process.send('changed')
      else changed()
      first.resolve()
    },
  }
  const rolldownOptions = { input: page(name), experimental: { lazyBarrel: true } }
  await build({
    ...web,
    configFile: false,
    plugins: [written],
    build: { ...web.build, watch: {}, minify: false, emptyOutDir: false, rolldownOptions },
  })
  return first.promise
}

async function stop() {
  // One interrupt comes from the terminal and from npm. A second one means at once: the server ends by itself then.
  if (stopping && Date.now() - stopping > 1000) process.exit(1)
  if (stopping) return
  stopping = Date.now()
  waiting?.process.kill()
  await turnover
  await end(running)
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)

// What npm run build made has small files beside large ones, and they would be served.
rmSync(PAGES, { recursive: true, force: true })
watch(['src', 'migrations', '.env'], {
  cwd: root,
  ignoreInitial: true,
  ignored: (file, stats) =>
    file.endsWith('dashboard/web') || (stats?.isFile() === true && !/\.(ts|json|yaml|env)$/.test(file)),
}).on('all', changed)
changed()
await watchPage('dashboard')
await watchPage('graphiql')
