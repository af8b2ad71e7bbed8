/** Who is signed in, and their permissions: what a key may not do is not offered. */
import { createContext, type ReactNode, useContext } from 'react'
import type { Permission, ViewerQuery } from './generated/graphql.js'

export type Viewer = ViewerQuery['viewer']

const ViewerContext = createContext<Viewer | null>(null)

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>
}

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (!viewer) throw new Error('Nobody is signed in.')
  return viewer
}

/** Whether the signed-in key has all of these permissions. */
export function useMay(...permissions: Permission[]): boolean {
  const { permissions: held } = useViewer()
  return permissions.every((permission) => held.includes(permission))
}

/** Shows its children only to keys with the permissions. */
export function May({ permission, children }: { permission: Permission; children: ReactNode }) {
  return useMay(permission) ? children : null
}
