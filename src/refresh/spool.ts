/**
 * The spool: files that hold the answers of providers until the database has them. A provider that rotates
 * refresh tokens has invalidated the old one when it answers. If the process is killed, or the database
 * cannot be reached, before the answer is stored, only the file still has the new token.
 *
 *   open ──▶ send ──▶ write ──▶ commit ──▶ remove          at the start: every answer on disk is committed
 *
 * There is no fsync: the page cache of the operating system survives SIGKILL. Files are encrypted as rows
 * are, bound to the account and the consumed version.
 */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { EgressAnswer } from '../egress/exchange.js'
import { SealBroken, type Vault } from '../vault/vault.js'
import type { Claim } from './lease.js'

/** Milliseconds after which no process can be waiting for the answer of an empty file any more. */
const ABANDONED = 10 * 60_000
const NAME = /^([0-9a-f-]{36})\.(\d+)\.(\d+)$/

/** A provider's answer to a refresh, and when the request was sent. */
export interface SpooledAnswer {
  answer: EgressAnswer
  sentAt: Date
}

/** The file of one refresh. */
export interface SpoolEntry {
  /** Encrypts and writes the answer. */
  write(spooled: SpooledAnswer): void
  /** Deletes the file: the answer is in the database, or there is none to store. */
  remove(): void
}

/** An answer from the spool, with the refresh that it belongs to. */
export interface SpooledRefresh {
  accountUuid: string
  claim: Claim
  spooled: SpooledAnswer
  remove(): void
}

/** Reads and writes the spool's folder. */
export class Spool {
  private constructor(
    private readonly folder: string,
    private readonly vault: Vault,
  ) {}

  /** Creates the folder `spool` where it does not exist. @param dataDirectory where the process may write */
  static open(dataDirectory: string, vault: Vault): Spool {
    const folder = path.join(dataDirectory, 'spool')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return new Spool(folder, vault)
  }

  /**
   * Creates the file of a refresh. It has to be called before the request is sent, so that a full or
   * read-only disk is noticed while the refresh token is still unused.
   *
   * @throws {Error} as `openSync` does
   */
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
   * Reads the answers that an earlier process could not store.
   *
   * @param unreadable called with the path of a file that was encrypted with other keys; the file stays
   */
  entries(unreadable: (file: string) => void): SpooledRefresh[] {
    return readdirSync(this.folder).flatMap((name) => {
      const [, accountUuid, version, fence] = NAME.exec(name) ?? []
      if (!accountUuid) return []
      const file = path.join(this.folder, name)
      const sealed = readFileSync(file)
      const remove = () => rmSync(file, { force: true })
      if (sealed.length === 0) {
        // No answer was written. Another process may still be waiting for it, unless the file is old.
        if (Date.now() - statSync(file).mtimeMs > ABANDONED) remove()
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
