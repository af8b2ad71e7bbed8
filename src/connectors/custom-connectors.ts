/**
 * Connectors that developers create over the API. Their definitions pass the same checks as those of the
 * shipped ones, and the egress rules as well. They are stored in the database. Each process has them in its
 * catalogue, and looks for changes before it serves a request, at most once a second.
 */
import { performance } from 'node:perf_hooks'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { clock } from '../clock.js'
import type { Context } from '../context.js'
import { reserved } from '../database/shares.js'
import type { Egress } from '../egress/egress.js'
import { badInput, notFound, ValetkeyError } from '../errors.js'
import type { Warn } from '../log.js'
import type { Catalogue } from './catalogue.js'
import { Connector, ConnectorOrigin } from './connector.js'
import { CustomConnector } from './custom-connector.js'
import { addressesIn } from './definition/addresses.js'
import { movedAddress } from './definition/destinations.js'
import { DefinitionError } from './definition/error.js'
import { secretsHandedOut } from './definition/handed-out.js'
import { type ConnectorDefinition, LARGEST_DEFINITION } from './definition.js'
import { readDefinition } from './read-definition.js'

/** Milliseconds between two looks for changes. */
const LOOK_INTERVAL = 1000
/** Faults that one error message lists at most. */
const MOST_FAULTS = 10

/** A connection of a connector. */
export interface Use {
  connection: string
  methodId: string
}

/** Manages custom connectors, and this process's copy of them. */
export class CustomConnectors {
  /** Digest of the table when it was last read. */
  private loadedState = ''
  private lookedAt = Number.NEGATIVE_INFINITY
  private looking: Promise<void> | null = null

  constructor(
    private readonly orm: MikroORM,
    private readonly catalogue: Catalogue,
    private readonly egress: Egress,
    private readonly allowHttp: boolean,
    private readonly usesOf: (em: EntityManager, key: string) => Promise<Use[]>,
    private readonly warn: Warn,
    /** Called when a definition has changed, and this process has it, for the accounts of its connections. */
    private readonly moved: (em: EntityManager, key: string) => Promise<void>,
  ) {
    catalogue.latest = () => this.latest()
  }

  /** Checks a definition and stores nothing; returns the connector or the faults. @throws {ValetkeyError} FORBIDDEN */
  async preview(
    context: Context,
    source: Record<string, unknown>,
  ): Promise<{ problems: string[]; connector: Connector | null }> {
    await context.authorize('Query.connectorPreview')
    try {
      return { problems: [], connector: this.read(source) }
    } catch (error) {
      if (!(error instanceof ValetkeyError)) throw error
      return { problems: error.message.replace(/\.$/, '').split('; '), connector: null }
    }
  }

  /** Updates the catalogue from the database. */
  async current(): Promise<void> {
    if (performance.now() - this.lookedAt < LOOK_INTERVAL) return
    // Requests of many parties wait for it.
    this.looking ??= reserved(() => this.look()).finally(() => {
      this.looking = null
    })
    return this.looking
  }

  /**
   * Creates a connector from its definition. After an error nothing is stored.
   *
   * @throws {ValetkeyError} FORBIDDEN, BAD_USER_INPUT, EGRESS_BLOCKED, or CONFLICT for a key that is taken
   */
  async create(context: Context, source: Record<string, unknown>): Promise<Connector> {
    await context.authorize('Mutation.createConnector')
    return this.changing(context, 'connector.created', async (em) => {
      const connector = this.read(source)
      const taken = this.catalogue.get(connector.key) ?? (await em.findOne(CustomConnector, { key: connector.key }))
      if (taken)
        throw new ValetkeyError('CONFLICT', `There is a connector ${connector.key} already; choose another key.`, [
          'definition',
          'key',
        ])
      // Of a connector that a version before shipped: what they hold was not meant for this one.
      const [left] = await this.usesOf(em, connector.key)
      if (left)
        throw new ValetkeyError(
          'CONFLICT',
          `The connection ${left.connection} is of a former connector ${connector.key}; choose another key.`,
          ['definition', 'key'],
        )
      em.persist(new CustomConnector(connector.key, source))
      return connector
    })
  }

  /**
   * Replaces a definition.
   *
   * @throws {ValetkeyError} as `create`; NOT_FOUND; CONFLICT where connections of this connector would lose
   *   their auth method, or would send their secrets elsewhere than the former definition does
   */
  async update(context: Context, key: string, source: Record<string, unknown>): Promise<Connector> {
    await context.authorize('Mutation.updateConnector')
    const changed = await this.changing(context, 'connector.updated', async (em) => {
      const stored = await this.find(em, key)
      const connector = this.read(source)
      if (connector.key !== key)
        throw badInput(`The key of a connector never changes; this one is ${key}.`, ['definition', 'key'])
      const uses = await this.usesOf(em, key)
      if (uses.length > 0) this.assertFits(connector, this.read(stored.definition, true), uses)
      stored.redefined(source, clock.now())
      // Authorizations that are under way began with the former definition: they end.
      await em.execute('update connection set version = version + 1, updated_at = now() where connector = ?', [key])
      return connector
    })
    await context.em.transactional((em) => this.moved(em, key))
    return changed
  }

  /** Deletes a connector. @throws {ValetkeyError} FORBIDDEN; NOT_FOUND; CONFLICT while connections use it */
  async remove(context: Context, key: string): Promise<void> {
    await context.authorize('Mutation.deleteConnector')
    await this.changing(context, 'connector.deleted', async (em) => {
      const stored = await this.find(em, key)
      const uses = await this.usesOf(em, key)
      if (uses.length > 0) {
        const names = uses
          .slice(0, 5)
          .map(({ connection }) => connection)
          .join(', ')
        const count = uses.length === 1 ? 'One connection uses' : `${uses.length} connections use`
        throw new ValetkeyError('CONFLICT', `${count} this connector (${names}); delete them first.`, ['key'])
      }
      em.remove(stored)
      return { key }
    })
  }

  /** Makes a change and its audit event in one transaction, then updates this process's catalogue at once. */
  private async changing<T extends { key: string }>(
    { em, audit }: Context,
    action: string,
    change: (em: EntityManager) => Promise<T>,
  ): Promise<T> {
    const changed = await em.transactional(async (em) => {
      const connector = await change(em)
      audit.record(em, { action, details: { connector: connector.key } })
      return connector
    })
    await this.latest()
    return changed
  }

  private async latest() {
    // A look that is under way may have read the table before the last change was committed.
    await this.looking?.catch(() => {})
    this.lookedAt = Number.NEGATIVE_INFINITY
    await this.current()
  }

  /** @throws {ValetkeyError} CONFLICT */
  private assertFits(next: Connector, before: Connector, uses: Use[]) {
    const lost = uses.find(({ methodId }) => next.method(methodId)?.type !== before.method(methodId)?.type)
    if (lost)
      throw new ValetkeyError(
        'CONFLICT',
        `The connection ${lost.connection} uses the auth method ${lost.methodId}, which has to stay as it is.`,
        ['definition', 'auth'],
      )
    for (const { connection, methodId } of uses) {
      const known = handsOut(before, methodId)
      const added = [...handsOut(next, methodId)].find((field) => !known.has(field))
      if (added !== undefined)
        throw new ValetkeyError(
          'CONFLICT',
          `This would hand out {${added}}, which was entered for the connection ${connection} when it was not: ` +
            'make a connector of its own for it.',
          ['definition', 'auth'],
        )
    }
    const hosts = hostsOf(before.definition)
    const added = [...hostsOf(next.definition)].find((host) => !hosts.has(host))
    if (added)
      throw new ValetkeyError(
        'CONFLICT',
        `${added} is a new host, and ${uses.length} connections hold secrets for the old ones: ` +
          'make a connector of its own for it.',
        ['definition'],
      )
    const moved = movedAddress(before.definition, next.definition, new Set(uses.map(({ methodId }) => methodId)))
    if (moved !== null)
      throw new ValetkeyError(
        'CONFLICT',
        `${moved} would lead to another origin than before, by itself or by a default or an environment in it, and ` +
          'connections hold secrets for the old one: make a connector of its own for it.',
        ['definition', ...segments(moved)],
      )
  }

  private async find(em: EntityManager, key: string): Promise<CustomConnector> {
    const stored = await em.findOne(CustomConnector, { key }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (stored) return stored
    if (this.catalogue.get(key))
      throw new ValetkeyError(
        'CONFLICT',
        `${key} is shipped with this server and cannot be changed; make a connector of your own that extends it.`,
        ['key'],
      )
    throw notFound('This connector')
  }

  /** @param accepted whether the definition is stored already, maybe by an earlier version */
  private read(source: Record<string, unknown>, accepted = false): Connector {
    if (Buffer.byteLength(JSON.stringify(source)) > LARGEST_DEFINITION)
      throw badInput(`A definition is up to ${LARGEST_DEFINITION / 1024} KiB of JSON.`, ['definition'])
    const definition = this.parse(source, accepted)
    for (const { path, value } of addressesIn(definition)) {
      // An address with placeholders is checked when they are filled, before each call.
      if (value.includes('{') || !URL.canParse(value)) continue
      try {
        this.egress.assertAllowed(new URL(value))
      } catch (error) {
        if (error instanceof ValetkeyError)
          throw new ValetkeyError(error.code, `${path}: ${error.message}`, ['definition', ...segments(path)])
        throw error
      }
    }
    return new Connector(definition, ConnectorOrigin.CUSTOM, source)
  }

  private parse(source: Record<string, unknown>, accepted: boolean): ConnectorDefinition {
    try {
      return readDefinition(source, { http: this.allowHttp, bases: (key) => this.catalogue.base(key), accepted })
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error
      const faults = error.faults.slice(0, MOST_FAULTS).map(({ path, reason }) => `${path}: ${reason}`)
      const more = error.faults.length - faults.length
      throw badInput(`${faults.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`, [
        'definition',
        ...segments(error.faults[0]?.path ?? ''),
      ])
    }
  }

  private async look() {
    const em = this.orm.em.fork()
    const [state] = await em.execute<{ state: string }[]>(
      `select coalesce(md5(string_agg(key || '/' || version || '/' || updated_at, ',' order by key)), '') as state
       from custom_connector`,
    )
    const now = state?.state ?? ''
    if (now !== this.loadedState) {
      const rows = await em.find(CustomConnector, {}, { orderBy: { key: 'asc' } })
      this.catalogue.replaceCustom(
        rows.flatMap((row) => {
          try {
            return [this.read(row.definition, true)]
          } catch (error) {
            this.warn(
              'connector.not-offered',
              'A custom connector is invalid in the format of this version, and is not offered. Update its ' +
                'definition with updateConnector.',
              { connector: row.key, err: error },
            )
            return []
          }
        }),
      )
      this.loadedState = now
    }
    this.lookedAt = performance.now()
  }
}

/**
 * Keeps a custom connector from being changed or deleted until the transaction has ended, and so from another one that
 * takes its name: what is entered for a connection is for the connector that was shown.
 *
 * @throws {ValetkeyError} CONFLICT where it is not any more as this process knows it
 */
export async function assertStillOffered(em: EntityManager, connector: Connector | undefined) {
  if (connector?.origin !== ConnectorOrigin.CUSTOM) return
  const stored = await em.findOne(CustomConnector, { key: connector.key }, { lockMode: LockMode.PESSIMISTIC_READ })
  if (stored && JSON.stringify(stored.definition) === JSON.stringify(connector.source)) return
  throw new ValetkeyError('CONFLICT', `The connector ${connector.key} was changed just now; try again.`, [
    'input',
    'connector',
  ])
}

/** The secret fields that a method lets out. */
function handsOut({ definition }: Connector, methodId: string): Set<string> {
  const method = definition.auth.find(({ id }) => id === methodId)
  return method ? secretsHandedOut(definition, method) : new Set()
}

/** Every host to which a definition may send something: those in its addresses, and its trustHosts. */
function hostsOf(definition: ConnectorDefinition): Set<string> {
  const spelled = addressesIn(definition).flatMap(({ value }) => /^https?:\/\/([^/?#]+)/.exec(value)?.[1] ?? [])
  return new Set([...spelled, ...definition.trustHosts])
}

function segments(path: string): (string | number)[] {
  return path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}
