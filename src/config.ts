/**
 * Reads the configuration from environment variables; no other code reads them. All faults are reported
 * together. There are no default secrets.
 */

import { isIP } from 'node:net'
import path from 'node:path'
import { CronExpressionParser } from 'cron-parser'
import { z } from 'zod'
import { StartRefused } from './errors.js'
import { isVisible } from './text.js'

/** A key-encryption key: stored data refers to it by `id`, `key` has 32 bytes. */
export interface EncryptionKey {
  id: string
  key: Buffer
}

/** Days after which expired rows are deleted; 0 keeps them for ever. */
export interface Retention {
  /** When the deletion runs: a cron expression in UTC. */
  schedule: string
  auditDays: number
  linkDays: number
  requestDays: number
  jobDays: number
}

/** The configuration of a start. */
export interface Config {
  production: boolean
  port: number
  host: string
  /** Origin and optional path of every address that this server returns; no trailing slash. */
  publicUrl: string
  /** Null: the embedded PostgreSQL in `dataDirectory`. */
  databaseUrl: string | null
  /** The login that owns the tables, for migrations; null: that of `databaseUrl`. */
  migrationDatabaseUrl: string | null
  /** Largest number of database sessions in this process's pool. */
  databasePool: number
  /** Absolute path of generated keys, the embedded database and the refresh spool. */
  dataDirectory: string
  /** Null: generated beside the embedded database. The first is used for new data. */
  encryptionKeys: EncryptionKey[] | null
  /** Null: an admin key is generated on the first start. */
  adminKey: string | null
  playground: boolean
  /** Seconds that an access token of the playground lasts. */
  playgroundTokenSeconds: number
  application: { name: string; logo: string | null; color: string | null }
  /**
   * Origins that returnUrl and verifyUrl may have, and schemes of applications (`acme-app:`); outside production,
   * loopback addresses too.
   */
  allowedOrigins: string[]
  allowPrivateNetwork: boolean
  /** The proxy through which providers are reached; null for none. */
  egressProxy: { url: URL; resolves: boolean; except: string[] } | null
  /** Addresses and CIDR ranges of proxies whose X-Forwarded-For is trusted. */
  trustProxy: string[]
  /**
   * Absolute path of the manifest of registered documents, null for none; whether every caller is held to them, and
   * not only those whose API key says so.
   */
  trustedDocuments: { manifest: string | null; only: boolean }
  /** Requests of one API key, and token queries for one account, in a second; 0 for no limit. */
  limits: { key: number; account: number }
  /** For tests: a file with the name of a point of a refresh at which the process kills itself. */
  failpoint: string | null
  /** Seconds for which a process that stops still takes requests, while /readyz says that it stops. */
  drainSeconds: number
  retention: Retention
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
}

const flag = z
  .enum(['on', 'off', 'true', 'false', '1', '0', 'yes', 'no'], { error: 'is on or off' })
  .transform((value) => ['on', 'true', '1', 'yes'].includes(value))

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'is a number from 1 to 65535')
  .transform(Number)
  .pipe(z.number().min(1, 'is a number from 1 to 65535').max(65535, 'is a number from 1 to 65535'))

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)

const publicUrl = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.search || url.hash) {
    context.addIssue('is an address such as https://valetkey.example.com, without query or fragment')
    return z.NEVER
  }
  return url.href.replace(/\/+$/, '')
})

/** Schemes that a browser itself acts on, or that have origins. */
const NO_APPLICATION = /^(https?|wss?|ftp|javascript|vbscript|data|blob|file|filesystem|about|view-source|intent):$/

const origins = list.transform((items, context) => {
  for (const item of items) {
    if (/^[a-z][a-z0-9+.-]*:$/.test(item) && !NO_APPLICATION.test(item)) continue
    if (!URL.canParse(item) || new URL(item).origin !== item)
      context.addIssue(`holds ${JSON.stringify(item)}, which is not an origin such as https://app.example.com`)
  }
  return items
})

const egressProxy = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null
  // What is wrong with it does not quote it: it may hold a password.
  if (url && /^https?:$/.test(url.protocol) && url.hostname && url.pathname === '/' && !url.search) return url
  context.addIssue('is the address of an HTTP proxy, such as http://proxy.example.com:3128')
  return z.NEVER
})

const ranges = list.transform((items, context) => {
  for (const item of items) {
    const [address = '', bits, more] = item.split('/')
    const longest = isIP(address) === 4 ? 32 : 128
    const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest && more === undefined)
    if (!isIP(address) || !isRange)
      context.addIssue(`holds ${JSON.stringify(item)}, which is neither an address nor a range such as 10.0.0.0/8`)
  }
  return items
})

const encryptionKeys = list.transform((items, context) => {
  const keys = items.map((item) => {
    const [, id = '', encoded = ''] = /^([^:]*):(.*)$/.exec(item) ?? []
    const key = Buffer.from(encoded, 'base64')
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id))
      context.addIssue('has an entry without an id: write id:base64, with letters, digits, - and _ in the id')
    else if (key.length !== 32 || !/^[A-Za-z0-9+/]+=*$/.test(encoded))
      context.addIssue(`has a key ${id} that is not the base64 of 32 bytes; make one with: openssl rand -base64 32`)
    return { id, key }
  })
  if (keys.length === 0) context.addIssue('is empty')
  if (new Set(keys.map((key) => key.id)).size < keys.length) context.addIssue('names one id twice')
  return keys
})

/** pg-boss counts in seconds, in 32 bits. */
const MOST_DAYS = 20_000

/** Whether a cron expression has five fields and a time at which it is due. */
function isCron(text: string): boolean {
  try {
    return /^(\S+ ){4}\S+$/.test(text) && CronExpressionParser.parse(text, { tz: 'UTC' }).next() !== null
  } catch {
    return false
  }
}

const days = z
  .string()
  .regex(/^\d{1,5}$/, 'is a number of days, 0 to keep for ever')
  .transform(Number)
  .refine((number) => number <= MOST_DAYS, `is at most ${MOST_DAYS}; 0 is to keep for ever`)

const rate = z
  .string()
  .regex(/^\d{1,6}$/, 'is a number of requests a second, 0 for no limit')
  .transform(Number)

const environment = z.object({
  NODE_ENV: z.string().optional(),
  PORT: port.default(4000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: publicUrl.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is an address such as postgresql://user:password@host/database')
    .optional(),
  VALETKEY_DATA: z.string().default('./.valetkey'),
  VALETKEY_MIGRATION_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is an address such as postgresql://user:password@host/database')
    .optional(),
  VALETKEY_ENCRYPTION_KEYS: encryptionKeys.optional(),
  VALETKEY_ADMIN_KEY: z
    .string()
    .min(32, 'has fewer than 32 characters')
    .regex(/^[\x21-\x7e]+$/, 'has characters that cannot stand in a header')
    .optional(),
  VALETKEY_LIMIT_KEY: rate.default(10_000),
  VALETKEY_LIMIT_ACCOUNT: rate.default(5_000),
  VALETKEY_PLAYGROUND: flag.optional(),
  VALETKEY_PLAYGROUND_TOKEN_SECONDS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'is a number of seconds')
    .transform(Number)
    .default(60),
  VALETKEY_APP_NAME: z
    .string()
    .max(60, 'has more than 60 characters')
    .refine(isVisible, 'has a character that cannot be seen')
    .default('Valetkey'),
  VALETKEY_APP_LOGO: z
    .string()
    .regex(
      /^https:\/\/|^data:image\/(png|jpeg|webp);base64,/,
      'is an https address or a data: address of a PNG, JPEG or WebP',
    )
    .optional(),
  VALETKEY_APP_COLOR: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'is a colour such as #1f6feb')
    .optional(),
  VALETKEY_ALLOWED_ORIGINS: origins.default([]),
  VALETKEY_ALLOW_PRIVATE_NETWORK: flag.default(false),
  VALETKEY_EGRESS_PROXY: egressProxy.optional(),
  VALETKEY_EGRESS_PROXY_RESOLVES: flag.default(false),
  VALETKEY_EGRESS_NO_PROXY: list.default([]),
  TRUST_PROXY: ranges.default([]),
  VALETKEY_TRUSTED_DOCUMENTS: z.string().optional(),
  VALETKEY_TRUSTED_DOCUMENTS_ONLY: flag.default(false),
  VALETKEY_DATABASE_POOL: z.coerce
    .number({ error: 'is a number from 2 to 100' })
    .int('is a number from 2 to 100')
    .min(2, 'is a number from 2 to 100')
    .max(100, 'is a number from 2 to 100')
    .default(20),
  VALETKEY_RETENTION_SCHEDULE: z
    .string()
    .refine(isCron, 'is a cron expression of five fields, in UTC')
    .default('23 3 * * *'),
  VALETKEY_RETENTION_AUDIT_DAYS: days.default(400),
  VALETKEY_RETENTION_LINK_DAYS: days.default(90),
  VALETKEY_RETENTION_REQUEST_DAYS: days.default(1),
  VALETKEY_RETENTION_JOB_DAYS: days.default(7),
  VALETKEY_DRAIN_SECONDS: z
    .string()
    .regex(/^\d{1,3}$/, 'is a number of seconds')
    .transform(Number)
    .optional(),
  VALETKEY_FAILPOINT: z.string().optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'is one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
})

/**
 * Reads and checks the configuration.
 *
 * @param env the process's environment; empty values count as absent
 * @throws {StartRefused} with one line for every fault
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const variables = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(variables)
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`)
  // simple-oauth2 prints client secrets and refresh tokens under this switch.
  if (/simple-oauth2|(^|[\s,])\*/.test(variables.DEBUG ?? ''))
    faults.push('DEBUG would make simple-oauth2 print secrets; unset it.')
  if (!parsed.success) throw new StartRefused(faults)
  const values = parsed.data
  const production = values.NODE_ENV === 'production'
  if (production && !values.PUBLIC_URL?.startsWith('https://'))
    faults.push('PUBLIC_URL is required in production, and begins with https://.')
  if (values.DATABASE_URL && !values.VALETKEY_ENCRYPTION_KEYS) {
    faults.push(
      'VALETKEY_ENCRYPTION_KEYS is required with DATABASE_URL: id:base64 of 32 bytes; ' +
        'make one with: echo "k1:$(openssl rand -base64 32)".',
    )
  }
  if (values.VALETKEY_MIGRATION_DATABASE_URL && !values.DATABASE_URL)
    faults.push('VALETKEY_MIGRATION_DATABASE_URL is the owner of the database of DATABASE_URL: set that as well.')
  if (values.VALETKEY_TRUSTED_DOCUMENTS_ONLY && !values.VALETKEY_TRUSTED_DOCUMENTS)
    faults.push(
      'VALETKEY_TRUSTED_DOCUMENTS_ONLY holds every caller to the documents of VALETKEY_TRUSTED_DOCUMENTS: ' +
        'set that to the path of their manifest.',
    )
  if (
    !values.VALETKEY_EGRESS_PROXY &&
    (values.VALETKEY_EGRESS_PROXY_RESOLVES || values.VALETKEY_EGRESS_NO_PROXY.length)
  )
    faults.push(
      'VALETKEY_EGRESS_PROXY_RESOLVES and VALETKEY_EGRESS_NO_PROXY are for VALETKEY_EGRESS_PROXY: set that as well.',
    )
  if (production && values.VALETKEY_FAILPOINT)
    faults.push('VALETKEY_FAILPOINT kills the process, and is for tests; unset it.')
  if (faults.length > 0) throw new StartRefused(faults)
  return {
    production,
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    databaseUrl: values.DATABASE_URL ?? null,
    migrationDatabaseUrl: values.VALETKEY_MIGRATION_DATABASE_URL ?? null,
    databasePool: values.VALETKEY_DATABASE_POOL,
    dataDirectory: path.resolve(values.VALETKEY_DATA),
    encryptionKeys: values.VALETKEY_ENCRYPTION_KEYS ?? null,
    adminKey: values.VALETKEY_ADMIN_KEY ?? null,
    playground: values.VALETKEY_PLAYGROUND ?? !production,
    playgroundTokenSeconds: values.VALETKEY_PLAYGROUND_TOKEN_SECONDS,
    application: {
      name: values.VALETKEY_APP_NAME,
      logo: values.VALETKEY_APP_LOGO ?? null,
      color: values.VALETKEY_APP_COLOR ?? null,
    },
    allowedOrigins: values.VALETKEY_ALLOWED_ORIGINS,
    allowPrivateNetwork: values.VALETKEY_ALLOW_PRIVATE_NETWORK,
    egressProxy: values.VALETKEY_EGRESS_PROXY
      ? {
          url: values.VALETKEY_EGRESS_PROXY,
          resolves: values.VALETKEY_EGRESS_PROXY_RESOLVES,
          except: values.VALETKEY_EGRESS_NO_PROXY.map((host) => host.toLowerCase()),
        }
      : null,
    trustProxy: values.TRUST_PROXY,
    trustedDocuments: {
      manifest: values.VALETKEY_TRUSTED_DOCUMENTS ? path.resolve(values.VALETKEY_TRUSTED_DOCUMENTS) : null,
      only: values.VALETKEY_TRUSTED_DOCUMENTS_ONLY,
    },
    limits: { key: values.VALETKEY_LIMIT_KEY, account: values.VALETKEY_LIMIT_ACCOUNT },
    failpoint: values.VALETKEY_FAILPOINT ?? null,
    drainSeconds: values.VALETKEY_DRAIN_SECONDS ?? (production ? 5 : 0),
    retention: {
      schedule: values.VALETKEY_RETENTION_SCHEDULE,
      auditDays: values.VALETKEY_RETENTION_AUDIT_DAYS,
      linkDays: values.VALETKEY_RETENTION_LINK_DAYS,
      requestDays: values.VALETKEY_RETENTION_REQUEST_DAYS,
      jobDays: values.VALETKEY_RETENTION_JOB_DAYS,
    },
    logLevel: values.LOG_LEVEL,
  }
}
