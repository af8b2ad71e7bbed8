/**
 * Random schedules of everything that can happen around a refresh, on two servers and one database,
 * against a provider that answers in the order that the schedule says. After every step the stored
 * row is compared with what the provider knows.
 *
 * The provider keeps families of tokens, one for each consent. With the lenient one a token may be used more than once
 * until one of its children is used. So a takeover after an expired lease loses nothing, and every loss is a
 * fault of the server. The strict ones carry a refresh out when it arrives, however late or never its answer comes,
 * and refuse a token that comes twice: one ends the whole family for it, the other nothing else. With them a grant is
 * over only where no answer that was delivered holds a token that works.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keyringOf } from '../../src/command.js'
import { openCredential } from '../../src/credentials/credential.secret.js'
import { Vault } from '../../src/vault/vault.js'
import { graphql } from '../generated/gql.js'
import { createConnection, importTokens, readToken } from '../support/documents.js'
import { OddProvider } from '../support/odd-provider.js'
import { createWorld, newDatabase, type World } from '../support/world.js'
import { times } from './lab.js'

const disconnect = graphql(`
  mutation DisconnectModel($id: ID!) {
    disconnectConnectedAccount(id: $id) { revocation }
  }
`)

interface Token {
  name: string
  family: number
  /** The number of refreshes since the consent. */
  depth: number
  parent: Token | null
  spent: boolean
  refused: boolean
  /** Whether the answer with it reached a server. */
  delivered: boolean
}

type Kind = 'lenient' | 'kills families' | 'spares families'

type Fate = 'renew' | 'unavailable' | 'cut' | 'refuse'
type Step =
  | { do: 'ask'; replica: number; stale: boolean }
  | { do: 'answer'; which: number; fate: Fate }
  | { do: 'lapse' }
  | { do: 'sweep'; replica: number }
  | { do: 'consent' }
  | { do: 'disconnect' }

const schedules = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('ask' as const), replica: fc.nat(1), stale: fc.boolean() }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('answer' as const),
        which: fc.nat(3),
        fate: fc.constantFrom<Fate>('renew', 'renew', 'renew', 'unavailable', 'cut', 'refuse'),
      }),
    },
    { weight: 3, arbitrary: fc.constant({ do: 'lapse' as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const), replica: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.constant({ do: 'consent' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'disconnect' as const }) },
  ) as fc.Arbitrary<Step>,
  { minLength: 6, maxLength: 24 },
)

let provider: OddProvider
let worlds: World[]
let vault: Vault

beforeAll(async () => {
  provider = await OddProvider.open()
  const databaseUrl = await newDatabase()
  const connectors = [
    provider.definition('model', {
      method: { refresh: { using: 'refresh_token', rotation: 'rotates', reuseGraceSeconds: 600 } },
    }),
    provider.definition('strict', { method: { refresh: { using: 'refresh_token', rotation: 'rotates' } } }),
  ]
  const open = () =>
    createWorld({
      databaseUrl,
      connectors,
      shipped: () => false,
      env: { VALETKEY_ALLOW_PRIVATE_NETWORK: 'on', VALETKEY_PLAYGROUND: 'off' },
    })
  worlds = [await open(), await open()]
  vault = await Vault.open(world(0).orm, keyringOf(world(0).config))
})
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.close()))
  provider.close()
})
const world = (index: number) => worlds[index] as World

/** One account with what its provider knows, and the steps of a schedule. */
class Run {
  private static runs = 0
  private readonly connection = `model-${++Run.runs}`
  private readonly account = { connection: this.connection, identifier: 'ada' }
  private id = ''
  private families = 0
  private readonly tokens = new Map<string, Token>()
  private pending: { token: Token; reply: (fate: Fate) => void; orphaned: boolean }[] = []
  private readonly revoked = new Set<string>()
  /** Tokens that the provider gave after the account was disconnected. */
  private readonly late: string[] = []
  private readonly asked: Promise<unknown>[] = []
  private unsettled = 0
  private disconnected = false
  /** A second call may begin while another is under way, if that one's lease has expired or a consent ended it. */
  private excused = false
  private inexcusable = 0
  private seen = { version: 0, family: 0, depth: 0 }
  /** Families that the provider has ended. */
  private readonly ended = new Set<number>()

  constructor(private readonly kind: Kind) {}

  async begin() {
    provider.answers['/token'] = ({ form }) => {
      const token = this.tokens.get(form.refresh_token ?? '')
      // Of an earlier schedule, which a sweep has met.
      if (!token) return { status: 503, body: {} }
      const decided = this.kind === 'lenient' ? undefined : this.redeem(token, 'renew')
      return new Promise((resolve) => {
        const reply = (fate: Fate) => {
          if (fate === 'unavailable') return resolve({ status: 503, body: {} })
          const child = decided === undefined ? this.redeem(token, fate) : decided
          if (child === null) return resolve({ status: 400, body: { error: 'invalid_grant' } })
          if (fate === 'cut') return resolve((response) => response.destroy())
          child.delivered = true
          if (this.disconnected) this.late.push(child.name)
          resolve({ body: { access_token: `access-${child.name}`, refresh_token: child.name, expires_in: 3600 } })
        }
        if (this.live() && !this.excused) this.inexcusable += 1
        this.excused = false
        this.pending.push({ token, reply, orphaned: false })
      })
    }
    provider.answers['/revoke'] = ({ form }) => {
      this.revoked.add(form.token ?? '')
      return { body: {} }
    }
    await world(0).get(createConnection, {
      input: {
        connector: this.kind === 'lenient' ? 'model' : 'strict',
        name: this.connection,
        fields: [
          { key: 'client_id', value: 'app' },
          { key: 'client_secret', value: 'the-secret-of-the-model' },
        ],
      },
    })
    await this.consent()
  }

  /** @returns the token of the answer; null where the provider refuses */
  private redeem(token: Token, fate: Fate): Token | null {
    const children = [...this.tokens.values()].filter(({ parent }) => parent === token)
    const isOver =
      this.kind === 'lenient' ? children.some(({ spent }) => spent) : token.spent || this.ended.has(token.family)
    if (token.refused || isOver || fate === 'refuse') {
      token.refused = true
      if (this.kind === 'kills families' && token.spent) this.ended.add(token.family)
      return null
    }
    token.spent = true
    return this.issue(token.family, token)
  }

  private issue(family: number, parent: Token | null): Token {
    const depth = parent ? parent.depth + 1 : 0
    const token = {
      name: `${this.connection}.${family}.${depth}.${this.tokens.size}`,
      family,
      depth,
      parent,
      spent: false,
      refused: false,
      delivered: parent === null,
    }
    this.tokens.set(token.name, token)
    return token
  }

  private async consent() {
    const { name } = this.issue(++this.families, null)
    const oauth2 = {
      accessToken: `access-${name}`,
      refreshToken: name,
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    }
    this.id = (await world(0).get(importTokens, { input: { ...this.account, oauth2 } })).createConnectedAccount.id
    this.disconnected = false
    this.orphan()
    this.seen = { version: this.seen.version, family: this.families, depth: 0 }
  }

  private ask(replica: number) {
    this.unsettled += 1
    const answer = world(replica)
      .get(readToken, this.account)
      .finally(() => {
        this.unsettled -= 1
      })
    this.asked.push(answer)
    return answer
  }

  async take(step: Step) {
    const before = `${this.pending.length}/${this.unsettled}`
    if (step.do === 'ask') {
      if (step.stale) await this.expire()
      this.ask(step.replica)
      // Until it is answered, or waits for an answer of the provider, its own or another caller's.
      await until(() => `${this.pending.length}/${this.unsettled - 1}` !== before, 20)
    } else if (step.do === 'answer') {
      const [waiting] = this.pending.splice(step.which % Math.max(1, this.pending.length), 1)
      waiting?.reply(step.fate)
      await until(() => this.unsettled === 0, 20)
    } else if (step.do === 'sweep') {
      this.sweep(step.replica)
      await until(() => false, 10)
    } else if (step.do === 'consent') await this.consent()
    else if (step.do === 'disconnect') {
      this.disconnected = true
      await world(1).get(disconnect, { id: this.id })
    } else await this.lapse()
    await this.check()
  }

  /** Lets the access token expire. */
  private expire() {
    return this.sql(
      `update credential set expires_at = now() - interval '1 second', obtained_at = now() - interval '1 hour'
       where account_id = $1`,
    )
  }

  /** A round of the sweep, as if those who had answers had had the time to store them. */
  private sweep(replica: number) {
    const swept = this.sql(
      "update refresh_answer set created_at = created_at - interval '1 minute' where account_id = $1",
    )
      .then(() => world(replica).app.services.sweep.once())
      .catch((error) => error)
    this.asked.push(swept)
    return swept
  }

  private live() {
    return this.pending.some(({ orphaned }) => !orphaned)
  }

  private orphan() {
    for (const call of this.pending) call.orphaned = true
    this.excused = true
  }

  private async lapse() {
    // A claim whose call has not arrived yet: it must arrive before the call of the claim that takes over.
    const { rows } = await world(0).pool.query(
      `select 1 from refresh_lease l
       join connected_account a on a.id = l.account_id
       join connection n on n.id = a.connection_id
       where n.name = $1 and l.until > now()`,
      [this.connection],
    )
    if (rows.length > 0) await until(() => this.live(), 200)
    this.orphan()
    await this.sql(
      `update refresh_lease
       set until = case when until is null then null else now() - interval '1 minute' end,
         next_attempt_at = null, refused_at = null
       where account_id = $1`,
    )
    // Whoever has the answer to a strict provider has ten minutes.
    if (this.kind !== 'lenient')
      await this.sql("update refresh_lease set sent_at = sent_at - interval '11 minutes' where account_id = $1")
    await this.sql("update refresh_slot set until = now() - interval '1 minute' where holder = $1")
    await world(0).pool.query('update connection set failing = false, paused_until = null where name = $1', [
      this.connection,
    ])
    this.orphan()
  }

  private async sql(text: string) {
    const { rows } = await world(0).pool.query(
      'select id from connected_account a where connection_id = (select id from connection where name = $1)',
      [this.connection],
    )
    await world(0).pool.query(text, [rows[0].id])
  }

  private async row() {
    const { rows } = await world(0).pool.query(
      `select a.status, a.status_reason, c.account_id, c.version, c.access, c.refresh, lease.doubted
       from connection n
       join connected_account a on a.connection_id = n.id
       left join refresh_lease lease on lease.account_id = a.id
       left join credential c on c.account_id = a.id
       where n.name = $1`,
      [this.connection],
    )
    const [row] = rows
    const token =
      row.version === null ? null : (this.tokens.get(openCredential(row, vault).tokens.refreshToken ?? '') ?? null)
    return {
      status: row.status as string,
      reason: row.status_reason as string | null,
      version: row.version as number | null,
      token,
      isDoubted: row.doubted === true,
    }
  }

  private async check() {
    expect(this.inexcusable, 'one call at a time, unless a lease lapsed').toBe(0)
    const { status, reason, version, token, isDoubted } = await this.row()
    if (this.disconnected) {
      await expect
        .poll(() => this.late.filter((name) => !this.revoked.has(name)), {
          message: 'what comes after a disconnection is given back',
        })
        .toEqual([])
      expect({ status, version }).toEqual({ status: 'DISCONNECTED', version: null })
      return
    }
    if (!token || version === null)
      throw new Error('an account that is not disconnected has a token that the provider knows')
    expect(version, 'versions only rise').toBeGreaterThanOrEqual(this.seen.version)
    expect(token.family, 'what a user consented to last is what is kept').toBe(this.families)
    expect(token.depth, 'nothing older takes the place of something newer').toBeGreaterThanOrEqual(this.seen.depth)
    if (version === this.seen.version && token.family === this.seen.family)
      expect(token.depth, 'what changes has a new version').toBe(this.seen.depth)
    this.seen = { version, family: token.family, depth: token.depth }
    if (status !== 'ACTIVE') {
      expect(status).toBe('REAUTHORIZATION_REQUIRED')
      expect(reason, 'no loss is silent').toBeTruthy()
      if (!isDoubted)
        expect(token.refused, 'a grant ends only when the provider refuses the token that is stored').toBe(true)
    }
  }

  /**
   * Ends the schedule: from now on the provider answers every request. Whoever asks must then get a token that
   * works, unless the provider has refused the grant.
   */
  async end() {
    const calm = setInterval(() => {
      for (const { reply } of this.pending.splice(0)) reply('renew')
    }, 5)
    try {
      await this.lapse()
      await Promise.all(this.asked)
      for (const replica of [0, 1, 0, 1]) {
        await this.lapse()
        await this.sweep(replica)
      }
      await this.check()
      const { status, token } = await this.row()
      await this.lapse()
      await this.expire()
      const isOver =
        this.kind === 'lenient'
          ? status !== 'ACTIVE' || token?.refused
          : ![...this.tokens.values()].some((one) => this.works(one))
      const answer = (await this.ask(0)).connectedAccount?.token
      expect(answer?.__typename).toBe(this.disconnected || isOver ? 'AuthorizationRequired' : 'OAuthToken')
      await this.check()
    } finally {
      clearInterval(calm)
    }
  }

  /** Whether a server was given this token, and the provider still takes it. */
  private works({ family, delivered, spent, refused }: Token) {
    return family === this.families && delivered && !spent && !refused && !this.ended.has(family)
  }
}

/** Waits for a condition, for at most so many milliseconds. */
async function until(condition: () => boolean, longest: number) {
  for (const end = Date.now() + longest; !condition() && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 1))
}

it.each<Kind>(['lenient', 'kills families', 'spares families'])(
  'holds over random schedules of claims, answers, lapses, consents and disconnections: a provider that is or does: %s',
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const run = new Run(kind)
        await run.begin()
        for (const step of schedule) await run.take(step)
        await run.end()
      }),
      { numRuns: kind === 'lenient' ? times(400, 12) : times(150, 4), endOnFailure: true },
    )
  },
  600_000,
)
