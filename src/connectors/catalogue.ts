/**
 * The catalogue: every connector that this server offers. The shipped ones are read at the start from
 * one YAML file each; a file with a fault stops the start, with its name, the place in it and the reason.
 */
import { StartRefused } from '../errors.js'
import { catalogueFiles } from './catalogue-files.js'
import { Connector, ConnectorOrigin } from './connector.js'
import { DefinitionError } from './definition/error.js'
import { readDefinition } from './read-definition.js'

export class Catalogue {
  private byKey: ReadonlyMap<string, Connector>

  /**
   * @param shipped connectors that this server comes with
   * @param bases definitions that others extend, by name; shipped connectors serve as bases too
   */
  constructor(
    private readonly shipped: readonly Connector[],
    private readonly bases: Readonly<Record<string, object>> = {},
  ) {
    this.byKey = keyed(shipped)
  }

  /**
   * @param without keys of connectors that this server does not offer
   * @throws {StartRefused} naming every file at fault
   */
  static load(without: readonly string[] = []): Catalogue {
    const faults: string[] = []
    const bases = Object.fromEntries(
      catalogueFiles('bases', faults).map(({ file, value }) => [file.replace('.yaml', ''), value as object]),
    )
    const connectors = catalogueFiles('', faults).flatMap(({ file, value }) => {
      try {
        const definition = readDefinition(value, { http: false, bases: (key) => bases[key] })
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

  get(key: string): Connector | undefined {
    return this.byKey.get(key)
  }

  /** The definition that a custom connector extends; undefined where there is none of this name. */
  base(key: string): object | undefined {
    return this.bases[key] ?? this.shipped.find((connector) => connector.key === key)?.source
  }

  /** Sorted by name, as people sort. */
  all(): Connector[] {
    return [...this.byKey.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'))
  }

  /** A custom connector goes before a shipped one with the same key, which a later version may bring. */
  replaceCustom(connectors: readonly Connector[]) {
    this.byKey = keyed([...this.shipped, ...connectors])
  }
}

function keyed(connectors: readonly Connector[]): ReadonlyMap<string, Connector> {
  return new Map(connectors.map((connector) => [connector.key, connector]))
}
