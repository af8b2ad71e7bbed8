/** Creates a cluster, and starts and stops PostgreSQL as a process. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { StartRefused } from '../errors.js'
import type { ClusterLocation } from './cluster-location.js'

/** Opens a session on one of the cluster's databases. */
export type Connect = (database: string) => Promise<pg.Client>

/** Name of the cluster's superuser. */
export const SUPERUSER = 'valetkey'
const CHILD_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' }
/** Milliseconds without an answer on the socket after which the process id is taken for another program's. */
const STALE_PID = 3000
/** Milliseconds for PostgreSQL to accept connections; it may have to recover from a crash first. */
const START_LIMIT = 60_000

/**
 * Creates the cluster, first under another name, so that an interrupted initdb does not look finished.
 *
 * @throws {StartRefused} where initdb fails
 */
export function initialise({ cluster, native, user }: ClusterLocation) {
  const unfinished = `${cluster}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  if (user) execFileSync('chown', [`${user.uid}:${user.gid}`, unfinished])
  const initdb = spawnSync(
    path.join(native, 'bin', 'initdb'),
    [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      '--auth=trust',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--no-instructions',
    ],
    { encoding: 'utf8', cwd: '/', env: CHILD_ENVIRONMENT, ...user },
  )
  if (initdb.status !== 0)
    throw new StartRefused([
      `PostgreSQL could not be set up in ${cluster}: ${(initdb.stderr || String(initdb.error ?? '')).trim()}`,
    ])
  renameSync(unfinished, cluster)
}

/**
 * Starts PostgreSQL unless it runs already, and waits until it accepts connections.
 *
 * @returns whether it ran already
 * @throws {StartRefused} when it does not come up
 */
export async function startPostgres(
  location: ClusterLocation,
  sockets: string,
  logFile: string,
  durable: boolean,
  connect: Connect,
): Promise<boolean> {
  const { cluster } = location
  const ranAlready = postmasterPid(cluster) !== null
  let child = ranAlready ? null : launch(location, sockets, logFile, durable)
  const began = performance.now()
  for (;;) {
    try {
      await (await connect('postgres')).end()
      return ranAlready && child === null
    } catch (error) {
      if (performance.now() - began > START_LIMIT)
        throw new StartRefused([
          `PostgreSQL did not come up in ${cluster} (${(error as Error).message}). Its log: ${logFile}`,
        ])
      const isStale = child === null && performance.now() - began > STALE_PID
      if ((child === null || child.hasEnded) && (isStale || postmasterPid(cluster) === null)) {
        // The backends of a killed PostgreSQL can hold its shared memory for a moment longer.
        await sleep(child === null ? 0 : 500)
        child = launch(location, sockets, logFile, durable)
      }
      await sleep(20)
    }
  }
}

/** Runs `postgres`, on a Unix socket and on no TCP port. */
function launch(
  { cluster, native, user }: ClusterLocation,
  sockets: string,
  logFile: string,
  durable: boolean,
): { hasEnded: boolean } {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${sockets}`,
    'unix_socket_permissions=0700',
    'log_parameter_max_length_on_error=0',
    // Tests run many servers, each with its pools, on one cluster.
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off', 'max_connections=400']),
  ]
  const log = openSync(logFile, 'a', 0o600)
  const child: ChildProcess = spawn(
    path.join(native, 'bin', 'postgres'),
    ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])],
    // A process group of its own: Ctrl-C in the terminal reaches only the server, which then stops PostgreSQL.
    { detached: true, cwd: '/', stdio: ['ignore', log, log], env: CHILD_ENVIRONMENT, ...user },
  )
  closeSync(log)
  const state = { hasEnded: false }
  for (const event of ['error', 'exit'])
    child.on(event, () => {
      state.hasEnded = true
    })
  child.unref()
  return state
}

/** The process id in the cluster's postmaster.pid if that process is alive, else null. */
function postmasterPid(cluster: string): number | null {
  try {
    const pid = Number(readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}

/** Stops PostgreSQL, and waits until its process has ended. */
export async function stopPostgres(cluster: string) {
  const pid = postmasterPid(cluster)
  if (pid === null) return
  // SIGINT is PostgreSQL's fast shutdown: it ends all sessions and writes everything to disk.
  process.kill(pid, 'SIGINT')
  while (postmasterPid(cluster) === pid) await sleep(20)
}
