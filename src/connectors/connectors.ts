/** The catalogue as callers see it: everybody who has a key may look. */
import type { Context } from '../context.js'
import { type Page, type PageArgs, slicePage } from '../page.js'
import type { Catalogue } from './catalogue.js'
import type { ConnectorFilter } from './connector.input.js'
import type { Connector } from './connector.js'

export class Connectors {
  constructor(private readonly catalogue: Catalogue) {}

  /** Connectors that a filter names, by name. @throws {ValetkeyError} BAD_USER_INPUT for a page that cannot be */
  async list(context: Context, filter: ConnectorFilter | null, page: PageArgs): Promise<Page<Connector>> {
    await context.authorize('Query.connectors')
    const search = filter?.search?.toLowerCase()
    const found = this.catalogue
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
    return slicePage(found, page)
  }

  /** @returns null where there is no such connector */
  async one(context: Context, key: string): Promise<Connector | null> {
    await context.authorize('Query.connector')
    return this.catalogue.get(key) ?? null
  }
}
