/** One HTTP request whose body goes out, and whose answer comes back, as they come: nothing is held in memory. */
import http from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { failureOf, Unreachable } from './exchange.js'

export interface StreamRequest {
  method: string
  url: URL
  headers: http.OutgoingHttpHeaders
  /** Read only as fast as the other side takes it; null for none. */
  body: Readable | null
  /** Ends the request, or the answer that is coming. */
  signal?: AbortSignal
}

export interface StreamAnswer {
  status: number
  headers: http.IncomingHttpHeaders
  /** As the other side sent it, compressed where it is. Whoever gets it reads it to its end, or destroys it. */
  body: Readable
}

/** Milliseconds for the connection, and for which nothing may come or go before the exchange is given up. */
const CONNECT = 5_000
const SILENCE = 120_000

/**
 * @throws {ValetkeyError} EGRESS_BLOCKED where the agent finds a private address
 * @throws {Unreachable} where no answer began; an answer that breaks off destroys its `body` with an error
 */
export function stream(
  agent: http.Agent,
  { method, url, headers, body, signal }: StreamRequest,
): Promise<StreamAnswer> {
  return new Promise((resolve, reject) => {
    let sent = false
    const transport = url.protocol === 'http:' ? http : https
    const outgoing = transport.request(url, { method, agent, headers, signal })
    const fail = (error: unknown) => {
      clearTimeout(connectTimer)
      body?.destroy()
      reject(failureOf(error, url, sent))
    }
    const connectTimer = setTimeout(
      () => outgoing.destroy(new Unreachable(`${url.host} took no connection within 5 s.`, false)),
      CONNECT,
    )
    outgoing.setTimeout(SILENCE, () => outgoing.destroy(new Unreachable(`${url.host} was silent for 120 s.`, sent)))
    outgoing.on('socket', (socket) => {
      const ready = () => {
        clearTimeout(connectTimer)
        sent = true
      }
      // A kept-alive socket is connected already.
      if (socket.connecting) socket.once(url.protocol === 'http:' ? 'connect' : 'secureConnect', ready)
      else ready()
    })
    outgoing.on('error', fail)
    outgoing.on('response', (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response })
    })
    if (body) pipeline(body, outgoing).catch(fail)
    else outgoing.end()
  })
}
