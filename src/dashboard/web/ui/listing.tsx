/** Rows of a list. If rows are links, the whole row can be clicked, and the arrow keys move between rows. */
import { Button, Group, VisuallyHidden } from '@mantine/core'
import type { KeyboardEvent, ReactNode } from 'react'

/** A column whose cells explain themselves, such as buttons: only screen readers get its head. */
type Column = string | { hidden: string }

export function Listing({
  label,
  columns,
  width,
  links = false,
  children,
}: {
  label: string
  columns: Column[]
  width: number
  links?: boolean
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list wider than a phone must scroll by keyboard too
    <section tabIndex={0} aria-label={`${label}, as a table`} style={{ overflowX: 'auto', position: 'relative' }}>
      <table className={links ? 'table rows' : 'table'} aria-label={label} style={{ minWidth: width }}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={typeof column === 'string' ? column : column.hidden}>
                {typeof column === 'string' ? column : <VisuallyHidden>{column.hidden}</VisuallyHidden>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={links ? rowKeys : undefined}>{children}</tbody>
      </table>
    </section>
  )
}

function rowKeys(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.row-link')]
  const at = links.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  links[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}

/** Pages of a list by cursor. The cursor is in the address, so the back button goes back a page. */
export function Pager({
  after,
  page,
  onGo,
}: {
  after: string | null
  page: { hasNextPage: boolean; endCursor?: string | null }
  onGo(after: string | null): void
}) {
  if (!after && !page.hasNextPage) return null
  return (
    <Group justify="flex-end" gap="xs">
      {after ? (
        <Button variant="default" size="xs" onClick={() => onGo(null)}>
          First page
        </Button>
      ) : null}
      <Button variant="default" size="xs" disabled={!page.hasNextPage} onClick={() => onGo(page.endCursor ?? null)}>
        Next page
      </Button>
    </Group>
  )
}
