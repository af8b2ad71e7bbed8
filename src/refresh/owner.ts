import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** Names the process that owns leases. */
export interface Owner {
  /** The same for every process that runs with one data directory, one after the other. */
  id: string
  /** Whether the data directory had no name yet: what an earlier process wrote down may be lost with its directory. */
  isNew: boolean
  close(): Promise<void>
}

/** Characters of a path to a socket at most, on every system. */
const LONGEST_SOCKET = 100
/** Milliseconds between two signs of life in the folder, and how long a newcomer looks for one. */
const BEAT = 250
const LOOK = 800
/** Milliseconds between two tries to have the lock back after its session broke. */
const AGAIN = 500

/**
 * Who this process is among the owners of leases. A process that starts where another one has died takes its
 * leases back at once, since it has its spool as well. Whether the other one is really gone, three things say: a lock
 * in the database, held on one session; a sign of life in the folder, since a process that is cut off from the
 * database may have a provider's answers in its hands; and a socket there, which a process that was stopped still
 * holds. Where it is not gone (two processes with one data directory),
 * this one gets a name of its own, and takes nothing back.
 *
 * @param dataDirectory where the name is kept
 * @param databaseUrl what `pg` connects to
 */
export async function ownerIn(dataDirectory: string, databaseUrl: string): Promise<Owner> {
  const { id, isNew } = nameIn(dataDirectory)
  const alive = path.join(dataDirectory, 'owner.alive')
  const lock = new OwnerLock(id, databaseUrl)
  const door = path.join(dataDirectory, 'owner.sock')
  if ((await isBeating(alive)) || (await isHeld(door)) || !(await lock.take())) {
    await lock.close()
    return { id: randomUUID(), isNew: false, close: async () => {} }
  }
  const beat = beating(alive)
  const held = await hold(door)
  return {
    id,
    isNew,
    close: async () => {
      clearInterval(beat)
      held?.close()
      rmSync(alive, { force: true })
      await lock.close()
    },
  }
}

/** A lock on a session of its own, which is taken again where the session breaks. */
class OwnerLock {
  private client: pg.Client | null = null
  private closed = false

  constructor(
    private readonly id: string,
    private readonly databaseUrl: string,
  ) {}

  /** @returns whether nobody else has it @throws where the database cannot be reached */
  async take(): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'valetkey owner',
      keepAlive: true,
    })
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query(
      "select pg_try_advisory_lock(hashtextextended('valetkey.owner ' || $1, 0)) as ours",
      [this.id],
    )
    if (!rows[0].ours || this.closed) {
      await client.end()
      return false
    }
    this.client = client
    client.once('end', () => this.retake())
    return true
  }

  async close() {
    this.closed = true
    await this.client?.end().catch(() => {})
  }

  private async retake() {
    while (!this.closed) {
      if (await this.take().catch(() => false)) return
      await sleep(AGAIN, undefined, { ref: false })
    }
  }
}

/** Touches the file, which needs no room on the disk, for as long as this process runs. */
function beating(file: string): NodeJS.Timeout {
  try {
    writeFileSync(file, '', { mode: 0o600 })
  } catch {}
  let turn = 0
  return setInterval(() => {
    try {
      // Any two times will do that differ: nobody's clock counts.
      utimesSync(file, ++turn, turn)
    } catch {}
  }, BEAT).unref()
}

/** Whether a process gives signs of life in the file. */
async function isBeating(file: string): Promise<boolean> {
  const at = () => {
    try {
      return statSync(file).mtimeMs
    } catch {
      return null
    }
  }
  const before = at()
  if (before === null) return false
  await sleep(LOOK)
  return at() !== before
}

/** Whether a process holds the socket, be it stopped: the system takes a connection for it. */
function isHeld(door: string): Promise<boolean> {
  if (door.length > LONGEST_SOCKET) return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = connect(door)
    const told = (isHeldByOne: boolean) => {
      socket.destroy()
      resolve(isHeldByOne)
    }
    socket.once('connect', () => told(true))
    // Nobody listens, or there is none. What is stopped for long has no place left for another connection (EAGAIN).
    socket.once('error', ({ code }: NodeJS.ErrnoException) => told(code === 'EAGAIN'))
  })
}

/** Holds the socket for as long as this process is there. @returns null where the directory takes none */
async function hold(door: string): Promise<Server | null> {
  if (door.length > LONGEST_SOCKET) return null
  try {
    // One that nobody holds is in the way of another.
    rmSync(door, { force: true })
  } catch {
    return null
  }
  const server = createServer((socket) => socket.destroy()).unref()
  return new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.listen(door, () => resolve(server))
  })
}

/** @returns a name of its own where the directory takes none */
function nameIn(dataDirectory: string): { id: string; isNew: boolean } {
  const file = path.join(dataDirectory, 'owner')
  try {
    // The first process is the first to need it, and its leases are to be its successor's.
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  } catch {}
  try {
    const name = readFileSync(file, 'utf8').trim()
    if (/^[0-9a-f-]{36}$/.test(name)) return { id: name, isNew: false }
  } catch {}
  const name = randomUUID()
  try {
    writeFileSync(file, `${name}\n`, { mode: 0o600 })
  } catch {}
  return { id: name, isNew: true }
}
