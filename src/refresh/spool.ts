/**
 * The first copy of an answer, on this machine's disk: written before anything else happens to it. A provider
 * that rotates refresh tokens has forgotten the old one when it answers: from then on the answer is all that
 * there is, and the process may be killed, or the database away, before it is stored.
 *
 *   reserve ──▶ send ──▶ write ──▶ commit ──▶ remove     swept at the start and while running
 *
 * The page cache survives SIGKILL, so nothing waits for the disk. The space is taken before the request is
 * sent: a disk that is full then costs no token.
 */
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { StartRefused } from '../errors.js'
import type { Warn } from '../log.js'
import type { Vault } from '../vault/vault.js'
import { type ArrivedAnswer, open, seal, type WaitingAnswer } from './answers.js'
import type { Claim } from './lease.js'

/** Bytes that an answer has at the most: the exchange reads a mebibyte, and sealed JSON is somewhat longer. */
const LARGEST = 16 * 1024 * 1024
/** Milliseconds after which a file without an answer is nobody's any more. */
const FORGOTTEN = 10 * 60_000
/** Bytes that are taken for an answer beforehand: more than any usual one. */
const RESERVED = Buffer.alloc(32 * 1024)
/** Bytes of the length in front of an answer. Files of before 0.2 have none, and begin with the vault's format. */
const HEADER = 4
const NAME = /^([0-9a-f-]{36})\.(\d+)\.(\d+)$/
/** Milliseconds between two warnings about the disk. */
const WARN_EVERY = 60_000

/** The file of one refresh. */
export interface SpoolEntry {
  /** Throws nothing: what is in memory is stored whatever the disk says. */
  write(arrived: ArrivedAnswer): void
  /** The answer cannot be stored now: it is left to the sweep. */
  leave(): void
  /** The answer is in the database, or there is none worth keeping. */
  remove(): void
}

/** A file of the spool. */
export interface SpooledAnswer extends WaitingAnswer {
  remove(): void
  /** It cannot be stored now, nor by trying again soon: it is kept under another name. */
  putAside(): void
}

/** Reads and writes the spool's folder. */
export class Spool {
  /** Names of the files that this process is working with. */
  private readonly active = new Set<string>()
  /** When this process first saw a file without an answer, by name, in milliseconds of `performance.now()`. */
  private readonly reservedSince = new Map<string, number>()
  private warnedAt = Number.NEGATIVE_INFINITY

  private constructor(
    private readonly folder: string,
    private readonly vault: Vault,
    private readonly warn: Warn,
  ) {}

  /** @param dataDirectory where the process may write @throws {StartRefused} where it may not */
  static open(dataDirectory: string, vault: Vault, warn: Warn): Spool {
    const spool = new Spool(path.join(dataDirectory, 'spool'), vault, warn)
    try {
      spool.names()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new StartRefused([
        `VALETKEY_DATA (${dataDirectory}) is no folder that this process may write in (${code}).`,
      ])
    }
    return spool
  }

  /** Before anything is sent. Where the disk takes nothing, the answer is in memory and in the database alone. */
  begin(accountUuid: string, claim: Claim): SpoolEntry {
    const name = `${accountUuid}.${claim.version}.${claim.fence}`
    const file = path.join(this.folder, name)
    let descriptor: number | null = null
    this.active.add(name)
    try {
      descriptor = openSync(file, 'wx', 0o600)
      writeSync(descriptor, RESERVED)
    } catch (error) {
      this.complain(error)
    }
    const close = () => {
      if (descriptor !== null) closeSync(descriptor)
      descriptor = null
    }
    return {
      write: (arrived) => {
        if (descriptor === null) return
        try {
          const sealed = seal(arrived, accountUuid, claim, this.vault)
          const header = Buffer.alloc(HEADER)
          header.writeUInt32BE(sealed.length)
          // The length last: a file that is cut short holds no answer.
          writeSync(descriptor, sealed, 0, sealed.length, HEADER)
          writeSync(descriptor, header, 0, HEADER, 0)
        } catch (error) {
          this.complain(error)
        } finally {
          close()
        }
      },
      leave: () => {
        close()
        this.active.delete(name)
      },
      remove: () => {
        close()
        this.active.delete(name)
        try {
          rmSync(file, { force: true })
        } catch (error) {
          this.complain(error)
        }
      },
    }
  }

  /**
   * Answers that nobody in this process is working with: those of an earlier process, and those that could not
   * be stored.
   *
   * @param unreadable called with the path of a file that was encrypted with other keys; the file stays
   */
  entries(unreadable: (file: string) => void): SpooledAnswer[] {
    return this.names()
      .filter((name) => NAME.test(name) && !this.active.has(name))
      .flatMap((name) => this.read(name, unreadable))
  }

  /** Accounts that have a file here, whatever is in it, or would have one if the disk took it. */
  accounts(): string[] {
    const names = [...this.active, ...this.names()]
    return names.flatMap((name) => NAME.exec(name)?.[1] ?? [])
  }

  /** Files that were put aside. */
  asideCount(): number {
    try {
      return this.names().filter((name) => name.endsWith('.aside')).length
    } catch {
      // The sweep says what is wrong with the folder.
      return 0
    }
  }

  /** Names of the files; a folder that somebody has taken away is made again. */
  private names(): string[] {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    return readdirSync(this.folder)
  }

  private read(name: string, unreadable: (file: string) => void): SpooledAnswer[] {
    const [, accountUuid = '', version, fence] = NAME.exec(name) ?? []
    const claim = { version: Number(version), fence: Number(fence) }
    const file = path.join(this.folder, name)
    try {
      // A pipe would never end, and a link leads anywhere.
      const status = lstatSync(file)
      if (!status.isFile() || status.size > LARGEST) throw new Error('This is no answer.')
      const sealed = answerIn(file, status.size)
      const remove = () => rmSync(file, { force: true })
      if (sealed === null) {
        // Reserved, and nothing came: it may be another process's, that is waiting for its answer now.
        if (this.hasWaited(name)) remove()
        return []
      }
      const putAside = () => renameSync(file, `${file}.aside`)
      return [{ accountUuid, claim, arrived: open(sealed, accountUuid, claim, this.vault), remove, putAside }]
    } catch {
      unreadable(file)
      return []
    }
  }

  /** Whether this process has seen the file without an answer for so long that nobody waits for one any more. */
  private hasWaited(name: string): boolean {
    const since = this.reservedSince.get(name) ?? performance.now()
    const isOver = performance.now() - since > FORGOTTEN
    if (isOver) this.reservedSince.delete(name)
    else this.reservedSince.set(name, since)
    return isOver
  }

  private complain(error: unknown) {
    if (performance.now() - this.warnedAt < WARN_EVERY) return
    this.warnedAt = performance.now()
    this.warn(
      'spool.disk',
      'The disk takes no answers of providers: they are in memory and in the database alone. ' +
        'Make room in VALETKEY_DATA, or make it writable.',
      { folder: this.folder, err: error },
    )
  }
}

/** @returns null where the file holds no answer yet */
function answerIn(file: string, size: number): Buffer | null {
  const descriptor = openSync(file, 'r')
  try {
    const header = Buffer.alloc(HEADER)
    const read = readSync(descriptor, header, 0, HEADER, 0)
    if (read === 0) return null
    if (header[0] === 1) return readFileSync(file)
    const length = read < HEADER ? 0 : header.readUInt32BE()
    // Most of a file is space that was taken beforehand: only the answer is read.
    if (length === 0 || size < HEADER + length) return null
    const sealed = Buffer.alloc(length)
    return readSync(descriptor, sealed, 0, length, HEADER) === length ? sealed : null
  } finally {
    closeSync(descriptor)
  }
}
