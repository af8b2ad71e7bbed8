/**
 * Connector icons: the catalogue's brands from simpleicons.org's set (CC0) in their colour,
 * and a monogram for the rest.
 */
import { inkOn } from '../html.js'
import type { ConnectorDefinition } from './definition.js'
// The catalogue's brands alone, written by npm run emit: the whole set is 26 MB.
import icons from './icons.json' with { type: 'json' }

const USUAL_COLOR = '57606A'
const paths = new Map(Object.entries(icons))

/** @returns the path data of a brand's icon in a box of 24; null for a brand that the catalogue does not name */
export function brandPath(slug: string): string | null {
  return paths.get(slug) ?? null
}

/** An SVG of 40 by 40, with nothing in it that runs or is fetched. */
export function iconOf({ icon, name }: Pick<ConnectorDefinition, 'icon' | 'name'>): string {
  const color = icon.color ?? USUAL_COLOR
  const path = icon.simpleIcons === undefined ? null : brandPath(icon.simpleIcons)
  const mark =
    path === null
      ? monogram(name, inkOn(color))
      : `<path transform="translate(8 8)" fill="${inkOn(color)}" d="${path}"/>`
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">' +
    `<rect width="40" height="40" rx="8" fill="#${color}"/>${mark}</svg>`
  )
}

function monogram(name: string, ink: string): string {
  const letter = [...name][0]?.toUpperCase() ?? '?'
  return (
    '<text x="20" y="27" text-anchor="middle" font-family="ui-sans-serif, system-ui, sans-serif" ' +
    `font-size="20" font-weight="600" fill="${ink}">${/[A-Z0-9]/.test(letter) ? letter : '?'}</text>`
  )
}
