/** Reads the catalogue on behalf of callers; no permission is needed. */
import type { Context } from '../context.js'
import { type Page, type PageArgs, slicePage } from '../page.js'
import type { Catalogue } from './catalogue.js'
import type { ConnectorFilter } from './connector.input.js'
import type { Connector } from './connector.js'

/** The use cases of the catalogue. */
export class Connectors {
  constructor(private readonly catalogue: Catalogue) {}

  /** Lists what matches, in the catalogue's order. @throws {ValetkeyError} BAD_USER_INPUT for an invalid page */
  async list(context: Context, filter: ConnectorFilter | null, page: PageArgs): Promise<Page<Connector>> {
    await context.authorize('Query.connectors')
    await this.catalogue.latest()
    const search = filter?.search?.toLowerCase()
    const matches = this.catalogue
      .all()
      .filter(
        (connector) =>
          (!search ||
            [connector.key, connector.name.toLowerCase(), connector.description?.toLowerCase() ?? ''].some((text) =>
              text.includes(search),
            )) &&
          (!filter?.category || connector.categories.includes(filter.category)) &&
          (!filter?.authType || connector.authMethods.some(({ type }) => type === filter.authType)) &&
          (!filter?.origin || connector.origin === filter.origin),
      )
    return slicePage(matches, page)
  }

  /** Reads one connector. @returns null where it does not exist */
  async one(context: Context, key: string): Promise<Connector | null> {
    await context.authorize('Query.connector')
    return (await this.catalogue.find(key)) ?? null
  }
}
