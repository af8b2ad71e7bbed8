/**
 * What has arrived of an answer whose framing is broken: a length that is wrong, a chunk that is missing, headers that
 * no parser takes, a body that ends before its time. Of a token that a provider has rotated, these bytes may be the
 * only copy. They are read as far as they go, from what came over the socket.
 */
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** A part of an answer, in the shape of one. */
export interface Arrived {
  status: number
  headers: Record<string, string>
  /** Decompressed and decoded as far as that goes. */
  body: string
  isBroken: true
}

const HEADERS_END = /\r?\n\r?\n/

/**
 * @param raw everything that came, from the first byte of the answer
 * @param largest bytes of the body after decompression; what is beyond is cut off
 * @returns null where not even its headers have arrived
 */
export function whatArrived(raw: Buffer, largest: number): Arrived | null {
  // Latin-1 has one character for each byte, so that places in the text are places in the buffer.
  const text = raw.toString('latin1')
  const end = HEADERS_END.exec(text)
  const status = Number(/^HTTP\/\d(?:\.\d)? (\d{3})/.exec(text)?.[1])
  if (!end || !status) return null
  const rest = raw.subarray(end.index + end[0].length)
  // An interim answer (RFC 9110 §15.2) is not the answer.
  if (status < 200) return whatArrived(rest, largest)
  const headers = headersIn(text.slice(0, end.index))
  const isChunked = /chunked/i.test(headers['transfer-encoding'] ?? '')
  const body = decompressed(isChunked ? withoutChunks(rest) : rest, headers['content-encoding'], largest)
  return { status, headers, body: textOf(body.subarray(0, largest)), isBroken: true }
}

/** A body in UTF-8, without a byte order mark. */
export function textOf(body: Buffer): string {
  return body.toString('utf8').replace(/^\uFEFF/, '')
}

function headersIn(head: string): Record<string, string> {
  const lines = head.split(/\r?\n/).slice(1)
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value = ''] = /^([^:]+):(.*)$/.exec(line) ?? []
      return name ? [[name.trim().toLowerCase(), value.trim()]] : []
    }),
  )
}

/** The chunks that came (RFC 9112 §7.1); from a chunk on whose size makes no sense, all the rest. */
function withoutChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf('\n', at)
    const [, size] = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(bytes.toString('latin1', at, line).trim()) ?? []
    if (line < 0 || size === undefined) {
      parts.push(bytes.subarray(at))
      break
    }
    const length = Number.parseInt(size, 16)
    if (length === 0) break
    parts.push(bytes.subarray(line + 1, line + 1 + length))
    at = line + 1 + length
    while (bytes[at] === 13 || bytes[at] === 10) at++
  }
  return Buffer.concat(parts)
}

/** What can be decompressed of a body; a body that is not what its header says is taken as it came. */
function decompressed(bytes: Buffer, encoding: string | undefined, largest: number): Buffer {
  try {
    return decompress(bytes, encoding, { maxOutputLength: largest, finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return bytes
  }
}

interface Limits {
  /** Bytes. */
  maxOutputLength: number
  finishFlush?: number
}

/**
 * Undoes a content coding (RFC 9110 §8.4.1).
 *
 * @throws where the bytes are not what the coding says, or are more than the limit
 */
export function decompress(bytes: Buffer, encoding: string | undefined, limits: Limits): Buffer {
  const coding = encoding?.trim().toLowerCase()
  if (coding === 'gzip' || coding === 'x-gzip') return gunzipSync(bytes, limits)
  if (coding === 'br') return brotliDecompressSync(bytes, { maxOutputLength: limits.maxOutputLength })
  if (coding !== 'deflate') return bytes
  try {
    return inflateSync(bytes, limits)
  } catch {
    // Some servers leave the wrapper out that RFC 9110 asks for.
    return inflateRawSync(bytes, limits)
  }
}
