/** Sends one HTTP request and reads its whole answer, within limits of time and size. */
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { ValetkeyError } from '../errors.js'
import { decompress, headAndRest, textOf, whatArrived } from './arrived.js'

/** A request to a provider. */
export interface EgressRequest {
  method: string
  url: URL
  headers?: Record<string, string>
  body?: string
  /** Milliseconds for the whole exchange; 15 s where it is not given. */
  patience?: number
}

/** A provider's answer, decompressed and decoded as UTF-8. */
export interface EgressAnswer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
  /** Its framing was broken: values may be missing at its end. */
  isBroken?: boolean
}

/** No complete answer came. `sent` tells whether the provider may have received the request. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
  constructor(
    message: string,
    readonly sent: boolean,
    cause?: unknown,
    /** Whether the time ran out: the other side may still be working on it. */
    readonly timedOut = false,
    /** What came of the answer nevertheless; null where nothing that could be read did. */
    readonly arrived: EgressAnswer | null = null,
  ) {
    super(message, { cause })
  }
}

/** Milliseconds until the socket must be connected. */
const CONNECT = 5_000
/** Milliseconds for the whole exchange. */
const DEADLINE = 15_000
/** Bytes of an answer, before and after decompression; and of its headers. */
const LARGEST_ANSWER = 1024 * 1024
const LARGEST_HEADERS = 256 * 1024

interface Deadline {
  clear(): void
}

/** Milliseconds by which a timer that fires late tells that the process was stopped, and those that it then adds. */
const LATE = 500
const AFTER_A_STOP = 1_000

/**
 * Calls `expire` after `milliseconds`, unless it is cleared before. A process that was stopped (a throttled
 * container, a laptop whose lid was shut) finds its timers due before it reads its sockets: what has
 * arrived by then is read first, since it may be the only copy of a token.
 */
function deadline(milliseconds: number, expire: () => void): Deadline {
  const due = performance.now() + milliseconds
  let timer = setTimeout(() => {
    const wasStopped = performance.now() - due > LATE
    timer = setTimeout(expire, wasStopped ? AFTER_A_STOP : 1)
  }, milliseconds)
  return { clear: () => clearTimeout(timer) }
}

/**
 * Sends a request through `agent`.
 *
 * @throws {ValetkeyError} EGRESS_BLOCKED where the host resolves to a private address
 * @throws {Unreachable} where no complete answer came within the limits; with what came of it
 */
export function exchange(agent: http.Agent, request: EgressRequest): Promise<EgressAnswer> {
  const { url, body, patience = DEADLINE } = request
  const tap = new Tap()
  return new Promise((resolve, reject) => {
    let sent = false
    let timer: Deadline | undefined
    const end = () => {
      timer?.clear()
      clearTimeout(connectTimer)
      tap.close()
    }
    const fail = (error: unknown) => {
      end()
      reject(failureOf(error, url, sent, tap.answer()))
    }
    let connectTimer: NodeJS.Timeout | undefined
    let outgoing: http.ClientRequest
    try {
      outgoing = open(agent, request)
    } catch (error) {
      return fail(error)
    }
    const giveUp = (reason: string, timedOut = false) => {
      const error = new Unreachable(`${url.host} ${reason}.`, sent, undefined, timedOut)
      outgoing.destroy(error)
      // A request that has lost its socket says nothing any more.
      fail(error)
    }
    timer = deadline(patience, () => giveUp(`did not answer within ${patience / 1000} s`, true))
    connectTimer = setTimeout(() => giveUp('took no connection within 5 s'), CONNECT)
    outgoing.on('socket', (socket) => {
      const ready = () => {
        clearTimeout(connectTimer)
        sent = true
      }
      tap.open(socket)
      // A reused socket is connected already.
      if (socket.connecting) socket.once(url.protocol === 'http:' ? 'connect' : 'secureConnect', ready)
      else ready()
    })
    outgoing.on('error', fail)
    // RFC 9110 §15.2.2: nobody asked for another protocol.
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy()
      fail(new Unreachable(`${url.host} answered in another protocol.`, true))
    })
    outgoing.on('response', (response) => {
      const finish = (answer: EgressAnswer) => {
        end()
        resolve(tap.beyond(answer) ?? answer)
      }
      read(response, url, finish, fail, () => giveUp('sent more than 1 MiB'))
    })
    outgoing.end(body)
  })
}

/** Keeps what comes over a socket, as it comes, beside whatever is made of it. */
class Tap {
  private readonly chunks: Buffer[] = []
  private size = 0
  private socket: Socket | null = null
  private readonly take = (chunk: Buffer) => {
    if (this.size <= LARGEST_ANSWER + LARGEST_HEADERS) this.chunks.push(chunk)
    this.size += chunk.length
  }

  open(socket: Socket) {
    // Before the parser, which may end the exchange with what it cannot read.
    this.socket = socket.prependListener('data', this.take)
  }

  close() {
    this.socket?.off('data', this.take)
  }

  answer(): EgressAnswer | null {
    return whatArrived(Buffer.concat(this.chunks), LARGEST_ANSWER)
  }

  /**
   * Some servers count characters where RFC 9110 §8.6 asks for bytes, and so tell too short a length.
   *
   * @returns all that came, where it is more than an answer's length says; null otherwise
   */
  beyond({ headers }: EgressAnswer): EgressAnswer | null {
    const length = Number(headers['content-length'])
    if (!(length > 0)) return null
    const rest = headAndRest(Buffer.concat(this.chunks))?.rest.subarray(length)
    return rest === undefined || rest.toString('latin1').trim() === '' ? null : this.answer()
  }
}

/** @throws where a header or the method is not valid */
function open(agent: http.Agent, { method, url, headers, body }: EgressRequest): http.ClientRequest {
  const transport = url.protocol === 'http:' ? http : https
  return transport.request(url, {
    method,
    agent,
    maxHeaderSize: LARGEST_HEADERS,
    headers: {
      'user-agent': 'Valetkey',
      'accept-encoding': 'gzip, deflate, br',
      ...headers,
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    },
  })
}

/**
 * @param sent whether the other side may have received the request
 * @param arrived what came of its answer
 */
export function failureOf(
  error: unknown,
  url: URL,
  sent: boolean,
  arrived: EgressAnswer | null = null,
): ValetkeyError | Unreachable {
  // The filtering agents have no error class. Unlike the errors of a socket or of DNS, theirs have no code.
  if (error instanceof Error && !('code' in error) && /^DNS lookup .* is not allowed/.test(error.message))
    return new ValetkeyError('EGRESS_BLOCKED', `${url.hostname} is a private or reserved address.`, undefined, error)
  if (error instanceof Unreachable) return new Unreachable(error.message, sent, error.cause, error.timedOut, arrived)
  const code = (error as NodeJS.ErrnoException).code ?? 'no answer'
  return new Unreachable(`${url.host} could not be reached (${code}).`, sent, error, false, arrived)
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
    const { headers, statusCode: status = 0 } = response
    try {
      const decoded = decompress(Buffer.concat(chunks), headers['content-encoding'], LARGEST_ANSWER)
      finish({ status, headers, body: textOf(decoded, headers['content-type']) })
    } catch (error) {
      fail(new Unreachable(`${url.host} sent an answer that does not decompress to 1 MiB or less.`, true, error))
    }
  })
}
