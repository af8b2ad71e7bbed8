/**
 * The dashboard: a client of the public API like any other. `app.tsx` has the rail and the pages,
 * `pages/` one file for each place, `ui/` what they share, `documents/` every operation that is sent.
 */
import '@mantine/core/styles.css'
import '@mantine/spotlight/styles.css'
import './dashboard.css'
import { MantineProvider } from '@mantine/core'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
import { theme, variables } from './theme.js'

/** The nonce with which this page may add style elements; the library that holds the page still looks for a global. */
const { nonce } = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]') ?? {}
Object.assign(globalThis, { __webpack_nonce__: nonce })

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce ?? ''}
      >
        <App />
      </MantineProvider>
    </StrictMode>,
  )
}
