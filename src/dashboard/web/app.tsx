/** Shows the sign-in page, or the rail and the pages to whoever is signed in. */

import {
  Alert,
  AppShell,
  Box,
  Burger,
  Button,
  Center,
  Group,
  Loader,
  Menu,
  Stack,
  Text,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBraces, IconChevronUp, IconSearch, IconUserCircle } from '@tabler/icons-react'
import { type ComponentType, lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { Provider } from 'urql'
import { Link, Redirect, Route, Switch, useLocation, Router as WouterRouter } from 'wouter'
import { createApi, problemOf, signOut } from './api.js'
import { base } from './base.js'
import { type Permission, ViewerDocument } from './generated/graphql.js'
import { useRead } from './operations.js'
import { SignIn } from './pages/sign-in.js'
import { PLACES } from './places.js'
import { Boundary } from './ui/boundary.js'
import { NotFound } from './ui/page.js'
import { useMay, useViewer, ViewerProvider } from './viewer.js'

const Catalogue = lazy(() => import('./pages/catalogue.js'))
const Connector = lazy(() => import('./pages/connector.js'))
const Connections = lazy(() => import('./pages/connections.js'))
const Connection = lazy(() => import('./pages/connection.js'))
const Accounts = lazy(() => import('./pages/accounts.js'))
const Account = lazy(() => import('./pages/account.js'))
const Audit = lazy(() => import('./pages/audit.js'))
const Keys = lazy(() => import('./pages/keys.js'))
const CustomConnectors = lazy(() => import('./pages/custom-connectors.js'))
const Definition = lazy(() => import('./pages/definition.js'))
const Finder = lazy(() => import('./finder.js'))

const ROUTES: [path: string, page: ComponentType, permission?: Permission][] = [
  ['/catalogue', Catalogue],
  ['/catalogue/:key', Connector],
  ['/connections', Connections, 'CONNECTIONS_READ'],
  ['/connections/:connection', Connection, 'CONNECTIONS_READ'],
  ['/accounts', Accounts, 'ACCOUNTS_READ'],
  ['/accounts/:id', Account, 'ACCOUNTS_READ'],
  ['/audit', Audit, 'AUDIT_READ'],
  ['/keys', Keys, 'KEYS_WRITE'],
  ['/connectors', CustomConnectors, 'CONNECTORS_WRITE'],
  ['/connectors/new', Definition, 'CONNECTORS_WRITE'],
  ['/connectors/:key', Definition, 'CONNECTORS_WRITE'],
]

export function App() {
  // A new client for each session, so that the cache of one key is not shown to the next one.
  const [session, setSession] = useState({ number: 0, ended: false })
  const api = useMemo(
    () => createApi(() => setSession((now) => (now.number === session.number ? { ...now, ended: true } : now))),
    [session.number],
  )
  return (
    <Provider value={api}>
      <WouterRouter base={`${base}/dashboard`}>
        {session.ended ? (
          <SignIn onDone={() => setSession({ number: session.number + 1, ended: false })} />
        ) : (
          <SignedIn key={session.number} onOut={() => setSession({ number: session.number + 1, ended: true })} />
        )}
      </WouterRouter>
    </Provider>
  )
}

function SignedIn({ onOut }: { onOut(): void }) {
  const { data, error } = useRead(ViewerDocument, {})
  if (data) {
    return (
      <ViewerProvider viewer={data.viewer}>
        <Shell onOut={onOut} />
      </ViewerProvider>
    )
  }
  const problem = problemOf(error)
  return (
    <Center mih="100dvh" p="md">
      {problem ? (
        <Alert color="red" role="alert" title="The dashboard could not be loaded" variant="outline">
          {problem.message}
        </Alert>
      ) : (
        <Loader aria-label="Loading" />
      )}
    </Center>
  )
}

function Shell({ onOut }: { onOut(): void }) {
  const [opened, { toggle, close }] = useDisclosure()
  const [location] = useLocation()
  const [finding, setFinding] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rail closes when the place changes
  useEffect(close, [location])
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      setFinding(true)
    }
    addEventListener('keydown', open)
    return () => removeEventListener('keydown', open)
  }, [])
  return (
    <AppShell
      transitionDuration={0}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      header={{ height: { base: 48, sm: 0 } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip" href="#main">
        To the content
      </a>
      <Box className="top" hiddenFrom="sm" component="section" aria-label="Menu">
        <Group h="100%" px="md" gap="sm">
          <Burger opened={opened} onClick={toggle} size="sm" aria-label={opened ? 'Close the menu' : 'Open the menu'} />
          <Text fw={650}>Valetkey</Text>
        </Group>
      </Box>
      <AppShell.Navbar p="sm" aria-label="Places">
        <Rail onFind={() => setFinding(true)} onOut={onOut} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Box maw={1100}>
          <Boundary key={location}>
            <Suspense fallback={null}>
              <Switch>
                {ROUTES.map(([path, page, permission]) => (
                  <Route key={path} path={path}>
                    <Guarded page={page} permission={permission} />
                  </Route>
                ))}
                <Route path="/">
                  <Home />
                </Route>
                <Route>
                  <NotFound what="This page" />
                </Route>
              </Switch>
            </Suspense>
          </Boundary>
        </Box>
      </AppShell.Main>
      <Suspense fallback={null}>{finding ? <Finder onClose={() => setFinding(false)} /> : null}</Suspense>
    </AppShell>
  )
}

function Home() {
  return <Redirect to={useMay('CONNECTIONS_READ') ? '/connections' : '/catalogue'} replace />
}

function Guarded({ page: Here, permission }: { page: ComponentType; permission?: Permission }) {
  const { permissions, name } = useViewer()
  if (!permission || permissions.includes(permission)) return <Here />
  return (
    <Alert title="Not with this key" variant="outline">
      The key {name} lacks the permission {permission}. Sign in with one that has it.
    </Alert>
  )
}

function Rail({ onFind, onOut }: { onFind(): void; onOut(): void }) {
  const { name, permissions } = useViewer()
  const [location] = useLocation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = async (everywhere: boolean) => {
    await signOut(everywhere)
    onOut()
  }
  return (
    <Stack h="100%" gap={4} className="rail">
      <Text fw={650} px={10} py={6} visibleFrom="sm">
        Valetkey
      </Text>
      <Button
        variant="default"
        justify="flex-start"
        size="xs"
        mb={8}
        styles={{ label: { flex: 1 } }}
        leftSection={<IconSearch size={14} />}
        rightSection={<Text fz={12}>⌘K</Text>}
        onClick={onFind}
      >
        Find
      </Button>
      {PLACES.filter(({ permission }) => !permission || permissions.includes(permission)).map(
        ({ href, label, icon: Icon }) => (
          <Link
            key={href}
            href={href}
            aria-current={location === href || location.startsWith(`${href}/`) ? 'page' : undefined}
          >
            <Icon size={18} stroke={1.6} aria-hidden />
            {label}
          </Link>
        ),
      )}
      <Box flex={1} />
      <a href={`${base}/graphiql`} target="_blank" rel="noreferrer">
        <IconBraces size={18} stroke={1.6} aria-hidden />
        GraphiQL
      </a>
      <Menu position="top-start" width={200}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            px={10}
            styles={{ label: { flex: 1 } }}
            rightSection={<IconChevronUp size={16} />}
            leftSection={<IconUserCircle size={18} stroke={1.6} />}
          >
            <Text truncate>{name}</Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Appearance</Menu.Label>
          {(['auto', 'light', 'dark'] as const).map((scheme) => (
            <Menu.Item
              key={scheme}
              onClick={() => setColorScheme(scheme)}
              aria-checked={colorScheme === scheme}
              role="menuitemradio"
              fw={colorScheme === scheme ? 600 : undefined}
            >
              {{ auto: 'As the system', light: 'Light', dark: 'Dark' }[scheme]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => leave(false)}>Sign out</Menu.Item>
          <Menu.Item onClick={() => leave(true)}>Sign out everywhere</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Stack>
  )
}
