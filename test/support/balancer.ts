/** A load balancer in front of replicas: takes turns, and counts what passes by path. */
import http from 'node:http'

export class Balancer {
  readonly counts = new Map<string, number>()
  private turn = 0
  private readonly server: http.Server

  constructor(
    port: number,
    readonly replicas: string[],
  ) {
    this.server = http.createServer((request, response) => {
      const path = (request.url ?? '').split('?')[0] as string
      const key = `${request.method} ${path}`
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
      const target = this.replicas[this.turn++ % this.replicas.length] as string
      const forwarded = http.request(
        `${target}${request.url}`,
        { method: request.method, headers: { ...request.headers, 'x-forwarded-for': request.socket.remoteAddress } },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(response)
        },
      )
      forwarded.on('error', () => response.writeHead(502).end())
      request.pipe(forwarded)
    })
    this.server.listen(port, '127.0.0.1')
  }

  count(key: string): number {
    return this.counts.get(key) ?? 0
  }

  close() {
    this.server.closeAllConnections()
    this.server.close()
  }
}
