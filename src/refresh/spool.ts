/**
 * Answers of providers, written down before anything else happens to them. A provider that rotates
 * refresh tokens has forgotten the old one when it answers: from then on the answer is all that there
 * is, and the process may be killed, or the database away, before it is stored.
 *
 *   open ──▶ send ──▶ write ──▶ commit ──▶ remove          at the start: every answer on disk is committed
 *
 * The page cache survives SIGKILL, so nothing waits for the disk. Files are sealed like rows: to the
 * account and the version that was consumed.
 */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { EgressAnswer } from '../egress/exchange.js'
import { SealBroken, type Vault } from '../vault/vault.js'
import type { Claim } from './lease.js'

/** Milliseconds after which a file without an answer is nobody's any more. */
const FORGOTTEN = 10 * 60_000
const NAME = /^([0-9a-f-]{36})\.(\d+)\.(\d+)$/

/** What a provider answered to a refresh, and when it was asked. */
export interface SpooledAnswer {
  answer: EgressAnswer
  sentAt: Date
}

export interface SpoolEntry {
  write(spooled: SpooledAnswer): void
  /** The answer is in the database, or there is none worth keeping. */
  remove(): void
}

/** An answer on disk, with the refresh that it belongs to. */
export interface SpooledRefresh {
  accountUuid: string
  claim: Claim
  spooled: SpooledAnswer
  remove(): void
}

export class Spool {
  private constructor(
    private readonly folder: string,
    private readonly vault: Vault,
  ) {}

  /** @param dataDirectory where the process may write */
  static open(dataDirectory: string, vault: Vault): Spool {
    const folder = path.join(dataDirectory, 'spool')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return new Spool(folder, vault)
  }

  /** Before anything is sent: a full or read-only disk is found out while no token is spent. @throws {Error} as `openSync` does */
  begin(accountUuid: string, { version, fence }: Claim): SpoolEntry {
    const file = path.join(this.folder, `${accountUuid}.${version}.${fence}`)
    const descriptor = openSync(file, 'wx', 0o600)
    let open = true
    const close = () => {
      if (open) closeSync(descriptor)
      open = false
    }
    return {
      write: (spooled) => {
        writeSync(descriptor, this.vault.seal(JSON.stringify(spooled), place(accountUuid, version)))
        close()
      },
      remove: () => {
        close()
        rmSync(file, { force: true })
      },
    }
  }

  /**
   * Answers that an earlier process did not get to store.
   *
   * @param unreadable takes the name of a file that was sealed by other keys; the file is not touched
   */
  entries(unreadable: (file: string) => void): SpooledRefresh[] {
    return readdirSync(this.folder).flatMap((name) => {
      const [, accountUuid, version, fence] = NAME.exec(name) ?? []
      if (!accountUuid) return []
      const file = path.join(this.folder, name)
      const sealed = readFileSync(file)
      const remove = () => rmSync(file, { force: true })
      if (sealed.length === 0) {
        // Opened, and nothing came: it may be another process's, that is waiting for its answer now.
        if (Date.now() - statSync(file).mtimeMs > FORGOTTEN) remove()
        return []
      }
      const claim = { version: Number(version), fence: Number(fence) }
      try {
        const spooled = JSON.parse(this.vault.open(sealed, place(accountUuid, claim.version))) as SpooledAnswer
        return [{ accountUuid, claim, spooled: { ...spooled, sentAt: new Date(spooled.sentAt) }, remove }]
      } catch (error) {
        if (!(error instanceof SealBroken)) throw error
        unreadable(file)
        return []
      }
    })
  }
}

function place(accountUuid: string, version: number) {
  return { table: 'spool', column: 'answer', row: accountUuid, version }
}
