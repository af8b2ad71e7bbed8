/** GraphiQL with the API key entered in the page: the key stays in this page's memory and goes nowhere but to /graphql. */
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './graphiql.css'
import { GraphiQL } from 'graphiql'
import { StrictMode, useState } from 'react'
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

function Page() {
  const [draft, setDraft] = useState('')
  const [key, setKey] = useState('')

  const fetcher = async ({ query, variables, operationName }: Operation) => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables, operationName }),
    })
    return response.json()
  }

  return (
    <>
      <form
        className="key"
        onSubmit={(event) => {
          event.preventDefault()
          setKey(draft.trim())
        }}
      >
        <label htmlFor="key">API key</label>
        <input id="key" type="password" autoComplete="off" spellCheck={false} placeholder="vk_…" value={draft} onChange={(event) => setDraft(event.target.value)} />
        <button type="submit">{key === '' ? 'Use this key' : 'Use another key'}</button>
        <span>The key stays in this page, and is forgotten when it is closed.</span>
      </form>
      <main className="graphiql">
        {key === '' ? (
          <p>The schema is shown to those who may ask: enter an API key above. The first start of Valetkey printed one.</p>
        ) : (
          <GraphiQL key={key} fetcher={fetcher} initialQuery={FIRST_QUERY} shouldPersistHeaders={false} />
        )}
      </main>
    </>
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
