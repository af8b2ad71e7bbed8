/**
 * The catalogue: every connector that this server offers, read once at the start from one YAML file
 * each. A file that is wrong stops the start, with its name, the place in it and the reason.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { StartRefused } from '../errors.js'
import { packageRoot } from '../package-root.js'
import { Connector, ConnectorOrigin } from './connector.js'
import { DefinitionError, readDefinition } from './definition.js'

export class Catalogue {
  private readonly byKey: ReadonlyMap<string, Connector>

  constructor(connectors: readonly Connector[]) {
    this.byKey = new Map(connectors.map((connector) => [connector.key, connector]))
  }

  /**
   * @param without keys of connectors that this server does not offer
   * @throws {StartRefused} naming every file at fault
   */
  static load(without: readonly string[] = []): Catalogue {
    const folder = path.join(packageRoot, 'src', 'connectors', 'catalogue')
    const faults: string[] = []
    const connectors = readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .flatMap((file) => {
        try {
          const definition = readDefinition(parse(readFileSync(path.join(folder, file), 'utf8')))
          if (`${definition.key}.yaml` !== file) faults.push(`${file}: the key is ${definition.key}, and the file must bear its name`)
          return [new Connector(definition, ConnectorOrigin.BUILT_IN)]
        } catch (error) {
          if (error instanceof DefinitionError) faults.push(...error.faults.map(({ path, reason }) => `${file}: ${path} ${reason}`))
          else faults.push(`${file}: ${(error as Error).message}`)
          return []
        }
      })
    if (faults.length > 0) throw new StartRefused(faults)
    return new Catalogue(connectors.filter(({ key }) => !without.includes(key)))
  }

  get(key: string): Connector | undefined {
    return this.byKey.get(key)
  }

  /** By name, as people sort. */
  all(): Connector[] {
    return [...this.byKey.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'))
  }
}
