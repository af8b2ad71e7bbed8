/**
 * The catalogue: every connector that this server offers. The shipped ones are read at the start, from one
 * YAML file each. An invalid file stops the start with its name, the place in it and the reason.
 */
import { StartRefused } from '../errors.js'
import { catalogueFiles } from './catalogue-files.js'
import { Connector, ConnectorOrigin } from './connector.js'
import { DefinitionError } from './definition/error.js'
import { withBase } from './definition/extends.js'
import { readDefinition } from './read-definition.js'

/** Connectors by key. */
export class Catalogue {
  private byKey: ReadonlyMap<string, Connector>
  /** Reads what other processes have changed until now; set by whoever keeps the custom connectors. */
  latest = async () => {}

  /**
   * @param shipped connectors that this server comes with
   * @param bases definitions that others extend, by name; shipped connectors serve as bases too
   */
  constructor(
    private readonly shipped: readonly Connector[],
    readonly bases: Readonly<Record<string, object>> = {},
  ) {
    this.byKey = keyed(shipped)
  }

  /**
   * Reads the shipped connectors.
   *
   * @param without keys of connectors that this server does not offer
   * @throws {StartRefused} naming every file at fault
   */
  static load(without: readonly string[] = []): Catalogue {
    const faults: string[] = []
    const bases = Object.fromEntries(
      catalogueFiles('bases', faults).map(({ file, value }) => [file.replace('.yaml', ''), value as object]),
    )
    const files = catalogueFiles('', faults)
    const shipped = new Map(files.map(({ file, value }) => [file.replace('.yaml', ''), value as object]))
    const connectors = files.flatMap(({ file, value }) => {
      try {
        const definition = readDefinition(value, { http: false, bases: (key) => bases[key] ?? shipped.get(key) })
        if (`${definition.key}.yaml` !== file)
          faults.push(`${file}: the key is ${definition.key}, and the file must bear its name`)
        return [new Connector(definition, ConnectorOrigin.BUILT_IN, value as object)]
      } catch (error) {
        if (!(error instanceof DefinitionError)) throw error
        faults.push(...error.faults.map(({ path, reason }) => `${file}: ${path} ${reason}`))
        return []
      }
    })
    if (faults.length > 0) throw new StartRefused(faults)
    return new Catalogue(
      connectors.filter(({ key }) => !without.includes(key)),
      bases,
    )
  }

  /** The connector with this key. */
  get(key: string): Connector | undefined {
    return this.byKey.get(key)
  }

  /** The connector with this key, though another process made it a moment ago. */
  async find(key: string): Promise<Connector | undefined> {
    if (!this.byKey.has(key)) await this.latest()
    return this.byKey.get(key)
  }

  /** A shipped connector or a base, which a custom connector may extend: complete, whatever it extends itself. */
  base(key: string): object | undefined {
    const source = (name: string) => this.shipped.find((connector) => connector.key === name)?.source
    const base = this.bases[key]
    const own = source(key)
    if (!own) return base
    // Where both have the name, how it works is the base's, as it was when stored definitions were written.
    return base
      ? { ...describing(own), ...base }
      : (withBase(own, (name) => this.bases[name] ?? source(name)) as object)
  }

  /** Every connector: what people look for most comes first, the rest by name in English collation. */
  all(): Connector[] {
    return [...this.byKey.values()].sort(
      (a, b) => b.definition.popularity - a.definition.popularity || a.name.localeCompare(b.name, 'en'),
    )
  }

  /**
   * Replaces all custom connectors. One of them takes precedence over a shipped one with the same key, which a
   * later version of the server may add.
   */
  replaceCustom(connectors: readonly Connector[]) {
    this.byKey = keyed([...this.shipped, ...connectors])
  }
}

/** What is said about a service, without which a definition is not complete. */
function describing(source: object): object {
  return Object.fromEntries(
    Object.entries(source).filter(([key]) => ['summary', 'categories', 'icon', 'docsUrl'].includes(key)),
  )
}

function keyed(connectors: readonly Connector[]): ReadonlyMap<string, Connector> {
  return new Map(connectors.map((connector) => [connector.key, connector]))
}
