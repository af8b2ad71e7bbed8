/** The whole catalogue, loaded once: searching it as one types asks no server. */
import { useEffect, useState } from 'react'
import { type Client, type CombinedError, useClient } from 'urql'
import { CatalogueDocument, type CatalogueQuery } from './generated/graphql.js'
import { type Operation, reading } from './operations.js'

export type Listed = CatalogueQuery['connectors']['items'][number]

const page = reading(CatalogueDocument, (after?: string | null) => ({ first: 200, after }))
const loaded = new WeakMap<Client, Promise<Listed[]>>()

async function load(client: Client): Promise<Listed[]> {
  const items: Listed[] = []
  for (let after: string | null | undefined; ; ) {
    const { data, error } = await page.read(client, after)
    if (!data) throw error
    items.push(...data.connectors.items)
    if (!data.connectors.hasNextPage) return items
    after = data.connectors.endCursor
  }
}

/** Of connectors that were made or changed since, the next look knows. */
export function forgetCatalogue(client: Client) {
  loaded.delete(client)
}

export function useCatalogue(): { connectors: Listed[] | null; error: CombinedError | undefined; shown: Operation } {
  const client = useClient()
  const [state, setState] = useState<{ connectors: Listed[] | null; error: CombinedError | undefined }>({
    connectors: null,
    error: undefined,
  })
  useEffect(() => {
    const loading = loaded.get(client) ?? load(client)
    loaded.set(client, loading)
    loading.then(
      (connectors) => setState({ connectors, error: undefined }),
      (error: CombinedError) => {
        loaded.delete(client)
        setState({ connectors: null, error })
      },
    )
  }, [client])
  return { ...state, shown: page.shown }
}

/** Those that a search means, best first: names that begin with it, then names, then what is said of them. */
export function searched(connectors: Listed[], search: string): Listed[] {
  const words = search.trim().toLowerCase()
  if (words === '') return connectors
  const rank = ({ key, name, description }: Listed) => {
    const title = name.toLowerCase()
    if (title.startsWith(words) || key.startsWith(words)) return 0
    if (title.includes(words) || key.includes(words)) return 1
    return description?.toLowerCase().includes(words) ? 2 : 3
  }
  return connectors
    .map((connector) => ({ connector, rank: rank(connector) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ connector }) => connector)
}
