/**
 * The way from one server to PostgreSQL, as a TCP proxy that a test breaks: cut, silent, slow, or reset at random.
 * The database itself, and servers that do not come through here, notice nothing.
 */
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import path from 'node:path'
import pg from 'pg'

/** What becomes of what is sent: it passes, waits until the wire is mended, or passes late. */
type State = 'open' | 'cut' | 'silent' | 'slow'

interface Pair {
  near: Socket
  far: Socket
}

export class Wire {
  private state: State = 'open'
  private readonly pairs = new Set<Pair>()

  private constructor(
    private readonly server: Server,
    /** What a server connects to. */
    readonly url: string,
  ) {}

  /** @param databaseUrl of a PostgreSQL that listens on a socket of this machine */
  static async open(databaseUrl: string): Promise<Wire> {
    const url = new URL(databaseUrl.replace('@/', '@localhost/'))
    const socket = path.join(url.searchParams.get('host') as string, '.s.PGSQL.5432')
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const wire = new Wire(server, `postgresql://${url.username}@127.0.0.1:${port}${url.pathname}`)
    server.on('connection', (near) => wire.join(near, socket))
    return wire
  }

  private join(near: Socket, socket: string) {
    near.on('error', () => {})
    if (this.state === 'cut') return near.resetAndDestroy()
    const pair = { near, far: createConnection(socket) }
    this.pairs.add(pair)
    pair.far.on('error', () => {})
    for (const [from, to] of [
      [near, pair.far],
      [pair.far, near],
    ] as const) {
      let late = 0
      from.on('data', (bytes) => {
        // What comes after something late waits for it.
        if (this.state !== 'slow' && late === 0) return void to.write(bytes)
        late += 1
        setTimeout(() => {
          late -= 1
          to.write(bytes)
        }, 40)
      })
      from.on('end', () => to.end())
      from.on('close', () => {
        to.destroy()
        this.pairs.delete(pair)
      })
    }
    if (this.state === 'silent') this.still(pair)
  }

  private still({ near, far }: Pair) {
    near.pause()
    far.pause()
  }

  /** Ends all connections, and takes none. */
  cut() {
    this.state = 'cut'
    this.reset(1)
  }

  /** Takes connections and bytes, and passes nothing on. */
  silence() {
    this.state = 'silent'
    for (const pair of this.pairs) this.still(pair)
  }

  slow() {
    this.state = 'slow'
  }

  /** Resets each connection with this probability, in the middle of whatever it does. */
  reset(probability: number) {
    for (const pair of this.pairs) {
      if (Math.random() >= probability) continue
      pair.near.resetAndDestroy()
      pair.far.destroy()
    }
  }

  /**
   * Lets everything pass again.
   *
   * @param old what becomes of connections that were silent: what they hold back arrives late; or they stay silent
   *   for ever, as after a failover to another machine, and only new ones work
   */
  mend(old: 'late' | 'never' = 'late') {
    this.state = 'open'
    for (const pair of [...this.pairs]) {
      if (old === 'never') {
        // PostgreSQL sees them end; the server hears nothing.
        this.pairs.delete(pair)
        pair.near.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
        pair.near.on('close', () => this.deaf.delete(pair.near)).pause()
        pair.far.removeAllListeners('close').destroy()
        this.deaf.add(pair.near)
      } else {
        pair.near.resume()
        pair.far.resume()
      }
    }
  }
  private readonly deaf = new Set<Socket>()

  close() {
    this.cut()
    for (const near of this.deaf) near.destroy()
    this.server.close()
  }
}

/**
 * Makes a database read-only and ends its sessions, as a failover does to whoever is connected to the old machine:
 * statements that write fail with 25006.
 */
export async function readOnly(databaseUrl: string, isReadOnly: boolean) {
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('set default_transaction_read_only = off')
    const { rows } = await client.query('select current_database() as name')
    await client.query(`alter database ${rows[0].name} set default_transaction_read_only = ${isReadOnly}`)
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [rows[0].name],
    )
  } finally {
    await client.end()
  }
}
