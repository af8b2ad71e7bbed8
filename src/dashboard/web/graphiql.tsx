/**
 * GraphiQL, for whoever is signed in to the dashboard. Others enter an API key, which stays in this page's
 * memory and is sent only to /graphql. A query from the dashboard comes in the fragment of the address,
 * which no server sees.
 */
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import { base } from './base.js'
import './graphiql.css'
import { GraphiQL } from 'graphiql'
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'

const FIRST_QUERY = `# Who is connected, and with what.
{
  connections {
    items {
      name
      status
      redirectUri
      accountCount
    }
  }
}
`

interface Operation {
  query: string
  variables?: unknown
  operationName?: string | null
}

const send = (operation: Operation, headers: Record<string, string>) =>
  fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(operation),
  })

function handedOver(): { query: string; variables: string } | null {
  try {
    const { query, variables } = JSON.parse(decodeURIComponent(location.hash.slice(1)))
    return typeof query === 'string' && typeof variables === 'string' ? { query, variables } : null
  } catch {
    return null
  }
}

/** Who asks: not known yet, nobody, a session of this browser, or a key. */
type Asker = 'unknown' | 'nobody' | 'session' | { key: string }

function Page() {
  const [asker, setAsker] = useState<Asker>('unknown')
  const [given] = useState(handedOver)
  useEffect(() => {
    send({ query: '{ viewer { name } }' }, {}).then(
      // Where only registered documents run, the session is there, and GraphiQL shows why nothing runs.
      ({ status }) => setAsker(status === 401 ? 'nobody' : 'session'),
      () => setAsker('nobody'),
    )
  }, [])
  if (asker === 'unknown') return null
  const headers: Record<string, string> = typeof asker === 'object' ? { authorization: `Bearer ${asker.key}` } : {}
  const fetcher = async ({ query, variables, operationName }: Operation) =>
    (await send({ query, variables, operationName }, headers)).json()
  return (
    <>
      {asker === 'session' ? null : (
        <KeyForm again={asker !== 'nobody'} onKey={(key) => setAsker(key === '' ? 'nobody' : { key })} />
      )}
      <main className="graphiql">
        {asker === 'nobody' ? (
          <p>
            The schema is shown to those who may ask: enter an API key above, or{' '}
            <a href={`${base}/dashboard`}>sign in to the dashboard</a>. The first start of Valetkey printed a key.
          </p>
        ) : (
          <GraphiQL
            key={typeof asker === 'object' ? asker.key : asker}
            fetcher={fetcher}
            shouldPersistHeaders={false}
            {...(given
              ? { initialQuery: given.query, initialVariables: given.variables }
              : { defaultQuery: FIRST_QUERY })}
          />
        )}
      </main>
    </>
  )
}

function KeyForm({ again, onKey }: { again: boolean; onKey(key: string): void }) {
  const [draft, setDraft] = useState('')
  return (
    <form
      className="key"
      onSubmit={(event) => {
        event.preventDefault()
        onKey(draft.trim())
      }}
    >
      <label htmlFor="key">API key</label>
      <input
        id="key"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="vk_…"
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
      <button type="submit">{again ? 'Use another key' : 'Use this key'}</button>
      <span>The key stays in this page, and is forgotten when it is closed.</span>
    </form>
  )
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  )
}
