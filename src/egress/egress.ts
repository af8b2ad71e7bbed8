/**
 * Sends every request to a provider, under these rules: https only, no redirects, no private addresses, a
 * deadline for the whole exchange, and a limit on the answer's size. IP addresses are checked when the socket
 * is connected, so that DNS cannot return another address after the check. Through a proxy: proxy.ts.
 */
import http from 'node:http'
import https from 'node:https'
import ipaddr from 'ipaddr.js'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'
import { ValetkeyError } from '../errors.js'
import { type EgressAnswer, type EgressRequest, exchange } from './exchange.js'
import { isExcepted, type ProxySettings, tunnellingAgents } from './proxy.js'
import { type StreamAnswer, type StreamRequest, stream } from './stream.js'

/** Milliseconds that an idle socket stays open: less than at any provider, so that ours is closed first. */
const IDLE = 4_000
const PORTS = new Set(['', '80', '443', '8080', '8443'])

interface Agents {
  http: http.Agent
  https: https.Agent
}

/** The guarded way out to providers. */
export class Egress {
  /**
   * What changes something at a provider gets a socket of its own (`once`): a kept one may be closed by the other side
   * in the very moment in which it is used, and nobody knows then what became of the request.
   */
  private readonly usual: { kept: Agents; once: Agents }
  /** Without a proxy; where there is one, for the hosts that are excepted from it. */
  private readonly direct: { kept: Agents; once: Agents }
  private readonly ownAgent = new http.Agent({ keepAlive: true, maxSockets: 50, timeout: IDLE })

  /**
   * @param allowPrivateNetwork allows every address and port, and http
   * @param ownAddress a prefix that is always allowed, for the playground; null for none
   * @param proxy through which everything but `ownAddress` goes; null for none
   */
  constructor(
    private readonly allowPrivateNetwork: boolean,
    private readonly ownAddress: string | null,
    private readonly proxy: ProxySettings | null = null,
  ) {
    const agents = (options: http.AgentOptions): Agents =>
      allowPrivateNetwork
        ? { http: new http.Agent(options), https: new https.Agent(options) }
        : { http: new RequestFilteringHttpAgent(options), https: new RequestFilteringHttpsAgent(options) }
    const kinds = (make: (options: http.AgentOptions) => Agents) => ({
      kept: make({ keepAlive: true, timeout: IDLE }),
      once: make({ keepAlive: false }),
    })
    this.direct = kinds(agents)
    this.usual = proxy ? kinds((options) => tunnellingAgents(proxy, allowPrivateNetwork, options)) : this.direct
  }

  /**
   * Sends a request and reads the whole answer, whatever its status.
   *
   * @throws {ValetkeyError} EGRESS_BLOCKED where the rules forbid the address
   * @throws {Unreachable} where no complete answer of up to 1 MiB came within 15 s
   */
  async send(request: EgressRequest): Promise<EgressAnswer> {
    return exchange(this.agentFor(request.url, request.method), request)
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
   * Checks an address before anything is sent. The IP address of its host is checked when the socket is
   * connected.
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
  private agentFor(url: URL, method = 'GET'): http.Agent {
    const own = this.ownAddress !== null && url.href.startsWith(this.ownAddress)
    if (!own) this.assertAllowed(url)
    if (own) return this.ownAgent
    const { kept, once } = this.proxy && isExcepted(this.proxy, url.hostname) ? this.direct : this.usual
    const agents = method === 'GET' ? kept : once
    return url.protocol === 'http:' ? agents.http : agents.https
  }

  /** Closes all idle sockets. */
  close() {
    const kept = [this.direct.kept, this.usual.kept].flatMap((agents) => [agents.http, agents.https])
    for (const agent of [...kept, this.ownAgent]) agent.destroy()
  }
}
