import type { Pool } from 'pg'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** The metrics for Prometheus at /metrics. Labels must not contain names of people or of connections. */
export class Metrics {
  readonly registry = new Registry()

  private readonly requests = new Histogram({
    name: 'valetkey_http_request_duration_seconds',
    help: 'Requests by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [this.registry],
  })
  private readonly tokens = new Counter({
    name: 'valetkey_token_answers_total',
    help: 'Answers to token queries, by type of the answer.',
    labelNames: ['answer'],
    registers: [this.registry],
  })
  private readonly refreshes = new Counter({
    name: 'valetkey_refreshes_total',
    help: 'Refreshes at providers, by outcome.',
    labelNames: ['outcome'],
    registers: [this.registry],
  })

  constructor(pool: Pool) {
    collectDefaultMetrics({ register: this.registry })
    new Gauge({
      name: 'valetkey_connected_accounts',
      help: 'Connected accounts, by status.',
      labelNames: ['status'],
      registers: [this.registry],
      async collect() {
        const { rows } = await pool.query(
          'select status, count(*)::int as count from connected_account group by status',
        )
        this.reset()
        for (const { status, count } of rows) this.set({ status }, count)
      },
    })
  }

  /** Adds a number that is asked for whenever the metrics are read. */
  gauge = (name: string, help: string, read: () => number | Promise<number>) => {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read())
      },
    })
  }

  request = (route: string, method: string, status: number, seconds: number) =>
    this.requests.observe({ route, method, status: String(status) }, seconds)
  tokenAnswer = (answer: string) => this.tokens.inc({ answer })
  refresh = (outcome: string) => this.refreshes.inc({ outcome })
}
