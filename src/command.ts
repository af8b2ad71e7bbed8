/** What the commands beside the server have in common: audit-verify.ts and vault-command.ts. */
import pg from 'pg'
import { type Config, readConfig } from './config.js'
import { startEmbedded, urlOfRunning } from './database/embedded.js'
import { StartRefused } from './errors.js'
import { openOrm } from './orm.js'
import { generatedKeys } from './vault/key-file.js'
import { Keyring } from './vault/key-wrapping.js'
import { Vault } from './vault/vault.js'

/** The keys that wrap: those of the configuration, or of the embedded database's file. */
export function keyringOf({ encryptionKeys, dataDirectory }: Config): Keyring {
  return new Keyring(encryptionKeys ?? generatedKeys(dataDirectory))
}

/** What a command works with. */
export interface Opened {
  vault: Vault
  /** One session whose statements take as long as they need. */
  pool: pg.Pool
}

/**
 * Opens the database of the configuration: the one that a running server has, or the embedded one, which is started
 * for the command where none is running.
 *
 * @param name of the command, as PostgreSQL shows it
 * @throws {StartRefused} where it cannot be reached, or the encryption keys are not the right ones
 */
export async function withDatabase(name: string, work: (opened: Opened) => Promise<void>) {
  const config = readConfig()
  const running = config.databaseUrl ?? (await urlOfRunning(config.dataDirectory))
  const embedded =
    config.databaseUrl === null && !(await answers(running)) ? await startEmbedded(config.dataDirectory) : null
  try {
    const database = await openOrm(running, 2)
    const pool = new pg.Pool({ connectionString: running, max: 1, application_name: name })
    try {
      await work({ vault: await Vault.open(database.orm, keyringOf(config)), pool })
    } finally {
      await pool.end()
      await database.orm.close(true)
    }
  } finally {
    await embedded?.stop()
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  )
}

/** Says on standard error why a command failed, and ends with 2. @param outcome a sentence */
export function failed(outcome: string, error: unknown) {
  const reasons = error instanceof StartRefused ? error.reasons : [(error as Error).stack ?? String(error)]
  process.stderr.write(`${outcome}\n${reasons.map((reason) => `  ${reason}`).join('\n')}\n`)
  process.exitCode = 2
}
