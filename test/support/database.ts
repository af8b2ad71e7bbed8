/** One real PostgreSQL for the whole run, with a migrated template that each world's database is copied from. */
import 'reflect-metadata'
import { rmSync } from 'node:fs'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded, temporaryDataDirectory } from '../../src/database/embedded.js'
import { Jobs } from '../../src/jobs/jobs.js'
import { migrate, openOrm } from '../../src/orm.js'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
    /** PostgreSQL's own log, as the embedded one writes it. */
    databaseLog: string
  }
}

export default async function setup(project: TestProject) {
  const directory = temporaryDataDirectory('test')
  const embedded = await startEmbedded(directory, false)
  const { orm, pool } = await openOrm(embedded.ownerUrl, undefined, 'owner')
  await migrate(orm, pool)
  await orm.close(true)
  await Jobs.install(embedded.ownerUrl)
  project.provide('databaseUrl', embedded.ownerUrl)
  project.provide('databaseLog', path.join(directory, 'postgres.log'))
  return async () => {
    await embedded.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
