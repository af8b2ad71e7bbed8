/** Runs the server: configuration, database, application; listens, and stops gracefully. */
import 'reflect-metadata'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApp } from './app.js'
import { createFirstKey } from './callers/api-keys.js'
import { keyringOf } from './command.js'
import { type Config, readConfig } from './config.js'
import { Catalogue } from './connectors/catalogue.js'
import { type EmbeddedDatabase, startEmbedded } from './database/embedded.js'
import { giveUpSilentSessions } from './database/silent-sessions.js'
import { StartRefused } from './errors.js'
import { createLogger } from './log.js'
import { migrateAsOwner, openOrm } from './orm.js'
import { firstConnection } from './playground/first-connection.js'
import { ownerIn } from './refresh/owner.js'
import { Vault } from './vault/vault.js'

/** Milliseconds that a stop may take before the process ends all the same. */
const LONGEST_STOP = 60_000

async function main() {
  const config = readConfig()
  const log = createLogger(config.logLevel)
  const catalogue = Catalogue.load(config.playground ? [] : ['playground'])
  const embedded = config.databaseUrl === null ? await startEmbedded(config.dataDirectory) : null
  try {
    const databaseUrl = config.databaseUrl ?? (embedded as EmbeddedDatabase).url
    await migrateAsOwner(databaseUrl, embedded?.ownerUrl ?? config.migrationDatabaseUrl, config.retention.auditDays)
    const database = await openOrm(databaseUrl, config.databasePool)
    giveUpSilentSessions(database.pool)
    const vault = await Vault.open(database.orm, keyringOf(config))
    const firstKey = config.adminKey === null ? await createFirstKey(database.orm.em.fork()) : null
    const owner = await ownerIn(config.dataDirectory, database.url)
    const app = await createApp(config, { database, vault, log, catalogue, owner })
    if (config.playground) await firstConnection(database.orm.em.fork(), app.services.connections)
    await app.services.customConnectors.current()
    await app.services.sweep.start()
    await app.services.sayGuard()
    await app.fastify.listen({ port: config.port, host: config.host })
    app.services.jobs.start()
    app.services.sealer.start()
    app.services.resealing.start()
    welcome(config, embedded, firstKey)

    let stopping = false
    const stop = async (signal: string) => {
      if (stopping) return
      stopping = true
      log.info({ event: 'stopping', signal }, 'Stopping: requests, jobs and refreshes under way are ended first.')
      sleep(LONGEST_STOP, null, { ref: false }).then(() => process.exit(1))
      await app.close()
      await owner.close()
      await database.orm.close(true)
      await embedded?.stop()
      process.exit(0)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

function welcome(
  { publicUrl, adminKey, dataDirectory, playground }: Config,
  embedded: EmbeddedDatabase | null,
  firstKey: string | null,
) {
  const key = firstKey ?? (adminKey ? '$VALETKEY_ADMIN_KEY' : '$YOUR_API_KEY')
  const lines = [
    '',
    `Valetkey is at ${publicUrl}`,
    '',
    `  Dashboard   ${publicUrl}/dashboard   sign in with the key`,
    `  GraphQL     ${publicUrl}/graphql`,
    `  GraphiQL    ${publicUrl}/graphiql`,
    ...(playground
      ? [
          `  Playground  ${publicUrl}/playground   an OAuth provider to try it with; ` +
            'the connection "playground" is ready',
        ]
      : []),
    ...(embedded
      ? [
          `  Data        ${dataDirectory}` +
            (embedded.cluster.startsWith(dataDirectory) ? '' : `, with the database in ${embedded.cluster}`) +
            (embedded.adopted ? ' (PostgreSQL was still running, and was taken over)' : ''),
        ]
      : []),
    '',
    ...(firstKey ? [`Your admin key, shown this once:`, '', `  ${firstKey}`, ''] : []),
    'Ask it something:',
    '',
    `  curl -s ${publicUrl}/graphql -H "authorization: Bearer ${key}" -H 'content-type: application/json' ` +
      `-d '{"query":"{ connections { items { name status redirectUri } } }"}'`,
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

main().catch((error) => {
  if (error instanceof StartRefused)
    process.stderr.write(`Valetkey did not start.\n${error.reasons.map((reason) => `  ${reason}`).join('\n')}\n`)
  else if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
    process.stderr.write(
      `Valetkey did not start.\n  ${(error as Error).message.replace('listen ', '')}: set PORT to a free one.\n`,
    )
  else process.stderr.write(`Valetkey did not start.\n  ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
})
