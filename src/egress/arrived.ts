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
  const { status, headers, rest } = headAndRest(raw) ?? {}
  if (status === undefined || headers === undefined || rest === undefined) return null
  const isChunked = /chunked/i.test(headers['transfer-encoding'] ?? '')
  const body = decompressed(isChunked ? withoutChunks(rest) : rest, headers['content-encoding'], largest)
  return { status, headers, body: textOf(body.subarray(0, largest), headers['content-type']), isBroken: true }
}

/**
 * Splits what came into the head of the answer and the rest.
 *
 * @returns null where the head is not whole
 */
export function headAndRest(raw: Buffer): { status: number; headers: Record<string, string>; rest: Buffer } | null {
  // Latin-1 has one character for each byte, so that places in the text are places in the buffer.
  const text = raw.toString('latin1')
  // HTTP/0.9 has no head.
  if (/^\s*[{[]/.test(text)) return { status: 200, headers: {}, rest: raw }
  const end = HEADERS_END.exec(text)
  const status = Number(/^[A-Z]+(?:\/\d(?:\.\d)?)? (\d{3})/.exec(text)?.[1])
  if (!end || !status) return null
  const rest = raw.subarray(end.index + end[0].length)
  // An interim answer (RFC 9110 §15.2) is not the answer; 101 is the last one that speaks HTTP.
  if (status < 200 && status !== 101) return headAndRest(rest)
  return { status, headers: headersIn(text.slice(0, end.index)), rest }
}

/** A body as text, in the encoding of its byte order mark or of its content type; UTF-8 by default. */
export function textOf(body: Buffer, contentType = ''): string {
  if (body[0] === 0xff && body[1] === 0xfe) return body.toString('utf16le', 2)
  if (body[0] === 0xfe && body[1] === 0xff)
    return Buffer.from(body.subarray(2, body.length & ~1))
      .swap16()
      .toString('utf16le')
  const isLatin = /charset="?(iso-8859-1|latin1|windows-1252)/i.test(contentType)
  return body.toString(isLatin ? 'latin1' : 'utf8').replace(/^\uFEFF/, '')
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
  for (let part = bytes; part.length > 0; part = part.subarray(0, part.length / 2)) {
    try {
      return decompress(part, encoding, largest, true)
    } catch (error) {
      // Of what becomes too large, the beginning.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return bytes
    }
  }
  return bytes
}

/**
 * Undoes the content codings (RFC 9110 §8.4). A body in gzip is known by its first bytes, where its header is missing.
 *
 * @param largest bytes that may come of it
 * @param isPart whether it may end before its time, and its checksum be wrong
 * @throws where the bytes are not what the coding says, or are more than the limit
 */
export function decompress(bytes: Buffer, encoding = '', largest: number, isPart = false): Buffer {
  const codings = encoding.toLowerCase().split(',').reverse()
  const decoded = codings.reduce((body, coding) => undo(body, coding.trim(), largest, isPart), bytes)
  return isGzip(decoded) ? undo(decoded, 'gzip', largest, isPart) : decoded
}

function undo(bytes: Buffer, coding: string, maxOutputLength: number, isPart: boolean): Buffer {
  const limits = isPart ? { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH } : { maxOutputLength }
  if (coding === 'gzip' || coding === 'x-gzip') {
    if (!isPart || !isGzip(bytes)) return gunzipSync(bytes, limits)
    // Without the checksum behind it.
    return inflateRawSync(bytes.subarray(gzipHeader(bytes)), limits)
  }
  if (coding === 'br') {
    const flush = isPart ? { finishFlush: constants.BROTLI_OPERATION_FLUSH } : {}
    return brotliDecompressSync(bytes, { maxOutputLength, ...flush })
  }
  if (coding !== 'deflate') return bytes
  try {
    return inflateSync(bytes, limits)
  } catch {
    // Some servers leave the wrapper out that RFC 9110 asks for.
    return inflateRawSync(bytes, limits)
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8
}

/** Bytes of the header (RFC 1952 §2.3): ten, and what its flags announce. */
function gzipHeader(bytes: Buffer): number {
  const flags = bytes[3] ?? 0
  let end = 10
  if (flags & 4) end += 2 + bytes.readUInt16LE(end)
  for (const flag of [8, 16]) if (flags & flag) end = bytes.indexOf(0, end) + 1
  return flags & 2 ? end + 2 : end
}
