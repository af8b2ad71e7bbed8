/**
 * Every request to a provider leaves through here: https only, no redirects, no private addresses, a
 * deadline for the whole exchange, and a limit on the answer's size. Addresses are checked when the
 * connection is made, so that DNS cannot give another one after the check.
 */
import http from 'node:http'
import https from 'node:https'
import ipaddr from 'ipaddr.js'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'
import { ValetkeyError } from '../errors.js'
import { type EgressAnswer, type EgressRequest, exchange } from './exchange.js'
import { type StreamAnswer, type StreamRequest, stream } from './stream.js'

/** Milliseconds for which an idle connection stays open: less than at any provider, which so never closes it first. */
const IDLE = 4_000
const PORTS = new Set(['', '80', '443', '8080', '8443'])

export class Egress {
  private readonly agents: { http: http.Agent; https: https.Agent }
  private readonly ownAgent = new http.Agent({ keepAlive: true, maxSockets: 50, timeout: IDLE })

  /**
   * @param allowPrivateNetwork allows every address and port, and http
   * @param ownAddress a prefix that is always allowed, for the playground; null for none
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
    return exchange(this.agentFor(request.url), request)
  }

  /**
   * The same addresses, with bodies of any size that pass through as they come, both ways.
   *
   * @throws {ValetkeyError} EGRESS_BLOCKED where the rules forbid the address
   * @throws {Unreachable} where no answer began
   */
  async stream(request: StreamRequest): Promise<StreamAnswer> {
    return stream(this.agentFor(request.url), request)
  }

  /**
   * Checks what an address says before anything is sent. What its host name resolves to is checked
   * when the connection is made.
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

  /** @throws {ValetkeyError} EGRESS_BLOCKED */
  private agentFor(url: URL): http.Agent {
    const own = this.ownAddress !== null && url.href.startsWith(this.ownAddress)
    if (!own) this.assertAllowed(url)
    if (url.protocol !== 'http:') return this.agents.https
    return own ? this.ownAgent : this.agents.http
  }

  close() {
    for (const agent of [this.agents.http, this.agents.https, this.ownAgent]) agent.destroy()
  }
}
