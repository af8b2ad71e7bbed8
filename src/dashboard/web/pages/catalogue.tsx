/** Every connector, searched as one types. Cards are drawn as they come into view: hundreds cost nothing. */
import { Group, Select, Text } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { AuthType } from '../generated/graphql.js'
import { ConnectorIcon, plural, Waiting } from '../ui/bits.js'
import { Empty, Page, Trouble } from '../ui/page.js'
import { SearchInput } from '../ui/search-input.js'
import { type Listed, searched, useCatalogue } from '../use-catalogue.js'
import { usePlace } from '../use-place.js'
import { AUTH_TYPES, categoryWord } from '../words.js'

const AT_ONCE = 24

export default function Catalogue() {
  const { connectors, error, shown } = useCatalogue()
  const [place, change] = usePlace()
  const search = place.get('search') ?? ''
  const category = place.get('category')
  const type = place.get('type') as AuthType | null
  const asked = useDeferredValue(search)
  const found = useMemo(
    () =>
      searched(connectors ?? [], asked).filter(
        ({ categories, authMethods }) =>
          (!category || categories.includes(category)) && (!type || authMethods.some((method) => method.type === type)),
      ),
    [connectors, asked, category, type],
  )
  const categories = useMemo(
    () => [...new Set(connectors?.flatMap(({ categories }) => categories))].sort(),
    [connectors],
  )
  // The same while one types: drawing two lists of options at each letter is what one would feel.
  const filters = useMemo(
    () => (
      <>
        <Select
          aria-label="Category"
          placeholder="Any category"
          clearable
          searchable
          value={category}
          onChange={(chosen) => change({ category: chosen })}
          data={categories.map((value) => ({ value, label: categoryWord(value) }))}
        />
        <Select
          aria-label="Authentication"
          placeholder="Any authentication"
          clearable
          value={type}
          onChange={(chosen) => change({ type: chosen })}
          data={Object.entries(AUTH_TYPES).map(([value, label]) => ({ value, label }))}
        />
      </>
    ),
    [category, type, categories, change],
  )
  const cards = useMemo(() => <Cards connectors={found} />, [found])
  return (
    <Page title="Catalogue" about="Services that your agents can act in." graphql={[shown]}>
      <Group gap="sm">
        <SearchInput
          aria-label="Search the catalogue"
          placeholder="Search, such as GitHub or calendar"
          leftSection={<IconSearch size={16} />}
          value={search}
          onSearch={(text) => change({ search: text })}
          flex="1 1 220px"
          type="search"
        />
        {filters}
      </Group>
      <Trouble error={error} />
      {connectors ? (
        <>
          <Text c="dimmed" role="status">
            {plural(found.length, 'connector')}
          </Text>
          {found.length > 0 ? (
            cards
          ) : (
            <Empty title="No connector has this">
              Search for another word, or make a connector of your own:{' '}
              <Link href="/connectors/new">it can do all that ours can</Link>.
            </Empty>
          )}
        </>
      ) : error ? null : (
        <Waiting rows={6} height={84} />
      )}
    </Page>
  )
}

function Cards({ connectors }: { connectors: Listed[] }) {
  const [shown, setShown] = useState(AT_ONCE)
  const end = useRef<HTMLDivElement>(null)
  const more = shown < connectors.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: each batch that was drawn moves the end, and is looked at anew
  useEffect(() => {
    const target = end.current
    if (!target || !more) return
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && setShown((count) => count + AT_ONCE), {
      rootMargin: '600px',
    })
    watch.observe(target)
    return () => watch.disconnect()
  }, [more, shown])
  return (
    <>
      <div className="cards">
        {connectors.slice(0, shown).map(({ key, name, description, iconUrl, authMethods, status }) => (
          <Link key={key} href={`/catalogue/${key}`} className="card">
            <ConnectorIcon url={iconUrl} size={36} />
            <div>
              <p className="card-name">
                {name}
                {status === 'LEGACY' ? ' · ending' : ''}
              </p>
              <p className="dimmed clamp">{description}</p>
              <p className="card-auth">{[...new Set(authMethods.map(({ type }) => AUTH_TYPES[type]))].join(' · ')}</p>
            </div>
          </Link>
        ))}
      </div>
      <div ref={end} />
    </>
  )
}
