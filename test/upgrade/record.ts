/**
 * What is known of a dump besides its rows: what its server answered when it was made, and what only
 * users, applications and providers hold, such as links, keys and cookies.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Credential, ListedAccount, ListedConnection, Sealing, Viewer } from './deployment.js'

export interface DumpRecord extends Sealing {
  note: string
  commit: string
  /** By the database's clock. */
  dumpedAt: string
  /** PEM, of the key that signs for connections and accounts. */
  publicKey: string
  connections: ListedConnection[]
  accounts: (ListedAccount & {
    /** What its token query answered; null where asking would have changed it. */
    token: Credential | null
  })[]
  connectors: { key: string; source: Record<string, unknown> }[]
  apiKeys: { name: string; secret: string; viewer: Viewer | null }[]
  sessions: { name: string; cookie: string; viewer: Viewer | null }[]
  links: { name: string; url: string; connection: string; identifier: string }[]
  /** Browsers that are at a provider: what would bring them back, and the cookies that they have. */
  away: { name: string; callback: string; cookies: Record<string, string>; connection: string; identifier: string }[]
  /** Of the verifyUrl: what an application has yet to answer, or has answered. */
  verifications: { name: string; authorization: string; connection: string; identifier: string }[]
  /** Answers of providers that a process had written down when it was killed (spool.ts): file name → base64. */
  spool: Record<string, string>
}

const folder = import.meta.dirname

/** Every dump that there is: its commit names two files. */
export function dumps(): { commit: string; sql: string; record: DumpRecord }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => {
      const commit = path.basename(file, '.sql')
      const [sql, json] = ['sql', 'json'].map((kind) => readFileSync(path.join(folder, `${commit}.${kind}`), 'utf8'))
      return { commit, sql: sql as string, record: JSON.parse(json as string) as DumpRecord }
    })
}

export function filesOf(commit: string): { sql: string; json: string } {
  return { sql: path.join(folder, `${commit}.sql`), json: path.join(folder, `${commit}.json`) }
}
