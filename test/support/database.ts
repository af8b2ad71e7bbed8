/** One real PostgreSQL for the whole run, with a migrated template from which each world gets its own database. */
import 'reflect-metadata'
import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { startEmbedded, temporaryDataDirectory } from '../../src/database/embedded.js'
import { Jobs } from '../../src/jobs/jobs.js'
import { migrate, openOrm } from '../../src/orm.js'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
  }
}

export default async function setup(project: TestProject) {
  const directory = temporaryDataDirectory('test')
  const embedded = await startEmbedded(directory, false)
  const { orm, pool } = await openOrm(embedded.url)
  await migrate(orm, pool)
  await orm.close(true)
  await Jobs.install(embedded.url)
  project.provide('databaseUrl', embedded.url)
  return async () => {
    await embedded.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
