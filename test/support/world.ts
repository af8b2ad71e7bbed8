/**
 * A world: a server with a database of its own, used over HTTP as its users do.
 */

import { randomBytes, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Writable } from 'node:stream'
import type { MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'
import { pino } from 'pino'
import { inject } from 'vitest'
import { type App, createApp } from '../../src/app.js'
import { keyringOf } from '../../src/command.js'
import { type Config, readConfig } from '../../src/config.js'
import { Catalogue } from '../../src/connectors/catalogue.js'
import { Connector, ConnectorOrigin } from '../../src/connectors/connector.js'
import { readDefinition } from '../../src/connectors/read-definition.js'
import { serializedError } from '../../src/log.js'
import { openOrm } from '../../src/orm.js'
import { firstConnection } from '../../src/playground/first-connection.js'
import { Vault } from '../../src/vault/vault.js'
import type { TypedDocumentString } from '../generated/graphql.js'

export interface Answer<T> {
  status: number
  data: T
  errors?: {
    message: string
    path?: (string | number)[]
    extensions: { code: string; path?: (string | number)[]; requestId?: string }
  }[]
}

export interface World {
  url: string
  config: Config
  app: App
  adminKey: string
  pool: pg.Pool
  orm: MikroORM
  vault: Vault
  /** Of the leases that the server takes. */
  owner: string
  /** Every route of the server, such as `GET /healthz`. */
  routes: string[]
  /** Everything that the server has logged. */
  log: () => string
  /** Runs a document with the admin key, or with another one. */
  ask<T, V>(document: TypedDocumentString<T, V>, variables?: V, key?: string): Promise<Answer<T>>
  /** The same for an operation that must succeed. */
  get<T, V>(document: TypedDocumentString<T, V>, variables?: V, key?: string): Promise<T>
  close(): Promise<void>
}

export const encryptionKeys = `test:${randomBytes(32).toString('base64')}`

/** @returns the address of a new database, made from the migrated template */
export async function newDatabase(): Promise<string> {
  const template = inject('databaseUrl')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: template.replace('/valetkey?', '/postgres?') })
  await client.connect()
  // Only one copy of a template at a time.
  await client.query('select pg_advisory_lock(1)')
  await client.query(`create database ${name} template valetkey`)
  await client.end()
  return template.replace('/valetkey?', `/${name}?`)
}

/** A free port, outside of the range for outgoing connections. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer()
        .once('error', () => resolve(false))
        .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (free) return port
  }
}

/**
 * @param env variables of the configuration
 * @param shipped which of the shipped connectors the catalogue has
 * @param connectors definitions that the catalogue has besides the shipped ones
 * @param jobs whether the server takes jobs, as it does in production
 */
export async function createWorld({
  shipped = () => true,
  env = {},
  connectors = [],
  databaseUrl,
  jobs = false,
  owner = randomUUID(),
}: {
  env?: Record<string, string>
  connectors?: object[]
  databaseUrl?: string
  shipped?: (key: string) => boolean
  jobs?: boolean
  owner?: string
} = {}): Promise<World> {
  const port = await freePort()
  const adminKey = `test-admin-${randomBytes(24).toString('hex')}`
  const config = readConfig({
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: databaseUrl ?? (await newDatabase()),
    VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
    VALETKEY_ADMIN_KEY: adminKey,
    TRUST_PROXY: '127.0.0.1/32',
    VALETKEY_DATA: path.join(tmpdir(), `valetkey-test-${randomUUID()}`),
    ...env,
  })
  const database = await openOrm(config.databaseUrl as string, config.databasePool)
  const vault = await Vault.open(database.orm, keyringOf(config))
  let lines = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines += chunk
      done()
    },
  })
  const log = pino({ level: 'debug', serializers: { err: serializedError }, base: null }, stream)
  const loaded = Catalogue.load()
  const catalogue = new Catalogue(
    [
      ...loaded.all().filter(({ key }) => shipped(key)),
      ...connectors.map((definition) => new Connector(readDefinition(definition), ConnectorOrigin.BUILT_IN)),
    ],
    loaded.bases,
  )
  const app = await createApp(config, { database, vault, log, catalogue, owner: { id: owner, isNew: false } })
  if (config.playground) await firstConnection(database.orm.em.fork(), app.services.connections)
  await app.fastify.listen({ port, host: '127.0.0.1' })
  if (jobs) app.services.jobs.start()
  const routes = routesIn(app.fastify.printRoutes({ commonPrefix: false }))
  const pool = new pg.Pool({ connectionString: config.databaseUrl as string, max: 3 })
  // A test may have stopped the database.
  pool.on('error', () => {})
  const ask: World['ask'] = (document, variables, key = adminKey) => post(config.publicUrl, document, variables, key)
  return {
    url: config.publicUrl,
    config,
    app,
    adminKey,
    pool,
    orm: database.orm,
    vault,
    owner,
    routes,
    log: () => lines,
    ask,
    async get(document, variables, key) {
      const { data, errors } = await ask(document, variables, key)
      if (errors) throw new Error(`${errors[0]?.extensions.code}: ${errors[0]?.message}`)
      return data
    },
    async close() {
      await app.close()
      await database.orm.close(true)
      await pool.end()
      await rm(config.dataDirectory, { recursive: true, force: true })
    },
  }
}

/** Sends a document to the server at `url`. */
export async function post<T, V>(
  url: string,
  document: TypedDocumentString<T, V> | string,
  variables: V | undefined,
  key: string | null,
): Promise<Answer<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ query: document.toString(), variables }),
  })
  return { status: response.status, ...((await response.json()) as Omit<Answer<T>, 'status'>) }
}

/** Reads the tree that Fastify prints: each line is deeper by four characters than the one that it goes on from. */
function routesIn(tree: string): string[] {
  const path: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] = /^([\s│]*)[└├]── (\S+)(?: \((.*)\))?$/.exec(line) ?? []
    if (part === '') return []
    const depth = indent.length / 4
    path.splice(depth, path.length, part)
    return methods
      .split(', ')
      .filter(Boolean)
      .map((method) => `${method} ${path.join('')}`)
  })
}
