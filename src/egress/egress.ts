/**
 * Every request to a provider leaves through here: https only, no redirects, no private addresses
 * (checked when the connection is made, so that DNS cannot change its mind in between), a deadline
 * for the whole, and a limit on what comes back.
 */
import http from 'node:http'
import https from 'node:https'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import ipaddr from 'ipaddr.js'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'
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

/** No answer came. `sent` tells whether the provider may have seen the request and acted on it. */
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

/** Milliseconds for a connection to stand, and for the whole exchange. */
const CONNECT = 5_000
const DEADLINE = 15_000
/** Milliseconds that an idle connection is kept: shorter than any provider keeps it, so that none is found closed. */
const IDLE = 4_000
/** Bytes of an answer, before and after decompression. */
const LARGEST_ANSWER = 1024 * 1024
const PORTS = new Set(['', '80', '443', '8080', '8443'])

export class Egress {
  private readonly agents: { http: http.Agent; https: https.Agent }
  private readonly ownAgent = new http.Agent({ keepAlive: true, maxSockets: 50, timeout: IDLE })

  /**
   * @param allowPrivateNetwork reach any address and port, over http too
   * @param ownAddress a prefix (the playground's) that is always within reach; null for none
   */
  constructor(
    private readonly allowPrivateNetwork: boolean,
    private readonly ownAddress: string | null,
  ) {
    this.agents = allowPrivateNetwork
      ? {
          http: new http.Agent({ keepAlive: true, timeout: IDLE }),
          https: new https.Agent({ keepAlive: true, timeout: IDLE }),
        }
      : {
          http: new RequestFilteringHttpAgent({ keepAlive: true, timeout: IDLE }),
          https: new RequestFilteringHttpsAgent({ keepAlive: true, timeout: IDLE }),
        }
  }

  /**
   * @throws {ValetkeyError} EGRESS_BLOCKED where the rules forbid the address
   * @throws {Unreachable} where no whole answer came within 15 s and 1 MiB
   */
  async send(request: EgressRequest): Promise<EgressAnswer> {
    const { url } = request
    const own = this.ownAddress !== null && url.href.startsWith(this.ownAddress)
    if (!own) this.assertAllowed(url)
    const plain = url.protocol === 'http:'
    const agent = plain ? (own ? this.ownAgent : this.agents.http) : this.agents.https
    return exchange(plain ? http : https, agent, request)
  }

  /**
   * What can be said of an address before anything is sent; the address that its name leads to is
   * checked when the connection is made.
   *
   * @throws {ValetkeyError} EGRESS_BLOCKED
   */
  assertAllowed(url: URL) {
    if (this.allowPrivateNetwork) return
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (/(^|\.)(localhost|internal|local)$|\.$/.test(host))
      throw new ValetkeyError('EGRESS_BLOCKED', `${host} is not a public host name.`)
    if (url.protocol !== 'https:') throw new ValetkeyError('EGRESS_BLOCKED', `${url.origin} is not https.`)
    if (!PORTS.has(url.port))
      throw new ValetkeyError('EGRESS_BLOCKED', `${url.origin} names a port that connectors may not use.`)
    if (ipaddr.isValid(host) && ipaddr.process(host).range() !== 'unicast')
      throw new ValetkeyError('EGRESS_BLOCKED', `${host} is a private or reserved address.`)
  }

  close() {
    for (const agent of [this.agents.http, this.agents.https, this.ownAgent]) agent.destroy()
  }
}

function exchange(
  transport: typeof http | typeof https,
  agent: http.Agent,
  { method, url, headers, body }: EgressRequest,
): Promise<EgressAnswer> {
  return new Promise((resolve, reject) => {
    let sent = false
    let timer: NodeJS.Timeout
    const fail = (error: unknown) => {
      clearTimeout(timer)
      const blocked = error instanceof Error && /is not allowed|DNS lookup .* not allowed|private/i.test(error.message)
      reject(
        blocked
          ? new ValetkeyError('EGRESS_BLOCKED', `${url.hostname} is a private or reserved address.`, undefined, error)
          : error instanceof Unreachable
            ? error
            : new Unreachable(
                `${url.host} could not be reached (${(error as NodeJS.ErrnoException).code ?? 'no answer'}).`,
                sent,
                error,
              ),
      )
    }
    let request: http.ClientRequest
    try {
      request = transport.request(url, {
        method,
        agent,
        headers: {
          'user-agent': 'Valetkey',
          'accept-encoding': 'gzip, deflate, br',
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
      })
    } catch (error) {
      return fail(error)
    }
    const giveUp = (why: string) => request.destroy(new Unreachable(`${url.host} ${why}.`, sent))
    timer = setTimeout(() => giveUp('did not answer within 15 s'), DEADLINE)
    const connectTimer = setTimeout(() => giveUp('took no connection within 5 s'), CONNECT)
    request.on('socket', (socket) => {
      const ready = () => {
        clearTimeout(connectTimer)
        sent = true
      }
      // A kept-alive socket is connected already.
      if (socket.connecting) socket.once(transport === https ? 'secureConnect' : 'connect', ready)
      else ready()
    })
    request.on('error', (error) => {
      clearTimeout(connectTimer)
      fail(error)
    })
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > LARGEST_ANSWER) giveUp('sent more than 1 MiB')
        else chunks.push(chunk)
      })
      response.on('error', fail)
      response.on('end', () => {
        if (!response.complete) return fail(new Unreachable(`${url.host} broke off its answer.`, true))
        clearTimeout(timer)
        try {
          const decoded = decompress(Buffer.concat(chunks), response.headers['content-encoding'])
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: decoded.toString('utf8').replace(/^\uFEFF/, ''),
          })
        } catch (error) {
          fail(new Unreachable(`${url.host} sent an answer that does not decompress to 1 MiB or less.`, true, error))
        }
      })
    })
    request.end(body)
  })
}

function decompress(bytes: Buffer, encoding: string | undefined): Buffer {
  const limit = { maxOutputLength: LARGEST_ANSWER }
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes, limit)
  if (encoding === 'deflate') return inflateSync(bytes, limit)
  if (encoding === 'br') return brotliDecompressSync(bytes, limit)
  return bytes
}
