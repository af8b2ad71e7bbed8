import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { EncryptionKey } from '../config.js'

/**
 * The encryption key for an embedded database: one line `id:base64` in the file `encryption-keys`,
 * which only its owner may read. It is generated on the first start, and renamed into place when it is
 * on disk, so that a crash cannot leave half a key.
 *
 * @param dataDirectory absolute
 */
export function generatedKeys(dataDirectory: string): EncryptionKey[] {
  const file = path.join(dataDirectory, 'encryption-keys')
  if (!existsSync(file)) {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
    const unfinished = `${file}.${process.pid}`
    const handle = openSync(unfinished, 'w', 0o600)
    writeSync(handle, `generated:${randomBytes(32).toString('base64')}\n`)
    fsyncSync(handle)
    closeSync(handle)
    renameSync(unfinished, file)
  }
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', encoded = ''] = line.split(':')
      return { id, key: Buffer.from(encoded, 'base64') }
    })
}
