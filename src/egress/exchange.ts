/** One HTTP request and its whole answer, within limits of time and size. */
import http from 'node:http'
import https from 'node:https'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { ValetkeyError } from '../errors.js'

export interface EgressRequest {
  method: string
  url: URL
  headers?: Record<string, string>
  body?: string
}

export interface EgressAnswer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

/** No answer came. `sent` tells whether the provider may have received the request and acted on it. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
  constructor(
    message: string,
    readonly sent: boolean,
    cause?: unknown,
  ) {
    super(message, { cause })
  }
}

/** Milliseconds for the connection, and for the whole exchange. */
const CONNECT = 5_000
const DEADLINE = 15_000
/** Bytes of an answer, before and after decompression. */
const LARGEST_ANSWER = 1024 * 1024

/**
 * @throws {ValetkeyError} EGRESS_BLOCKED where the agent finds a private address
 * @throws {Unreachable}
 */
export function exchange(agent: http.Agent, request: EgressRequest): Promise<EgressAnswer> {
  const { url, body } = request
  return new Promise((resolve, reject) => {
    let sent = false
    let timer: NodeJS.Timeout
    const fail = (error: unknown) => {
      clearTimeout(timer)
      reject(failureOf(error, url, sent))
    }
    let outgoing: http.ClientRequest
    try {
      outgoing = open(agent, request)
    } catch (error) {
      return fail(error)
    }
    const giveUp = (reason: string) => outgoing.destroy(new Unreachable(`${url.host} ${reason}.`, sent))
    timer = setTimeout(() => giveUp('did not answer within 15 s'), DEADLINE)
    const connectTimer = setTimeout(() => giveUp('took no connection within 5 s'), CONNECT)
    outgoing.on('socket', (socket) => {
      const ready = () => {
        clearTimeout(connectTimer)
        sent = true
      }
      // A kept-alive socket is connected already.
      if (socket.connecting) socket.once(url.protocol === 'http:' ? 'connect' : 'secureConnect', ready)
      else ready()
    })
    outgoing.on('error', (error) => {
      clearTimeout(connectTimer)
      fail(error)
    })
    outgoing.on('response', (response) => {
      const finish = (answer: EgressAnswer) => {
        clearTimeout(timer)
        resolve(answer)
      }
      read(response, url, finish, fail, () => giveUp('sent more than 1 MiB'))
    })
    outgoing.end(body)
  })
}

/** @throws where a header or the method is not valid */
function open(agent: http.Agent, { method, url, headers, body }: EgressRequest): http.ClientRequest {
  const transport = url.protocol === 'http:' ? http : https
  return transport.request(url, {
    method,
    agent,
    headers: {
      'user-agent': 'Valetkey',
      'accept-encoding': 'gzip, deflate, br',
      ...headers,
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    },
  })
}

/** @param sent whether the other side may have received the request */
export function failureOf(error: unknown, url: URL, sent: boolean): ValetkeyError | Unreachable {
  // The filtering agents have no error class; the message is all that tells their refusal.
  if (error instanceof Error && /is not allowed|DNS lookup .* not allowed|private/i.test(error.message))
    return new ValetkeyError('EGRESS_BLOCKED', `${url.hostname} is a private or reserved address.`, undefined, error)
  if (error instanceof Unreachable) return error
  const code = (error as NodeJS.ErrnoException).code ?? 'no answer'
  return new Unreachable(`${url.host} could not be reached (${code}).`, sent, error)
}

function read(
  response: http.IncomingMessage,
  url: URL,
  finish: (answer: EgressAnswer) => void,
  fail: (error: unknown) => void,
  tooLarge: () => void,
) {
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > LARGEST_ANSWER) tooLarge()
    else chunks.push(chunk)
  })
  response.on('error', fail)
  response.on('end', () => {
    if (!response.complete) return fail(new Unreachable(`${url.host} broke off its answer.`, true))
    try {
      const decoded = decompress(Buffer.concat(chunks), response.headers['content-encoding'])
      finish({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: decoded.toString('utf8').replace(/^\uFEFF/, ''),
      })
    } catch (error) {
      fail(new Unreachable(`${url.host} sent an answer that does not decompress to 1 MiB or less.`, true, error))
    }
  })
}

function decompress(bytes: Buffer, encoding: string | undefined): Buffer {
  const limit = { maxOutputLength: LARGEST_ANSWER }
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes, limit)
  if (encoding === 'deflate') return inflateSync(bytes, limit)
  if (encoding === 'br') return brotliDecompressSync(bytes, limit)
  return bytes
}
