/** One of the connections that there are, found as one types. */
import { Select } from '@mantine/core'
import { useState } from 'react'
import { ConnectionsDocument } from '../generated/graphql.js'
import { useRead } from '../operations.js'

export function ConnectionSelect({
  value,
  onChange,
  label,
  placeholder,
  clearable = false,
  error,
}: {
  value: string | null
  onChange(name: string | null): void
  label?: string
  placeholder?: string
  clearable?: boolean
  error?: string | null
}) {
  const [search, setSearch] = useState('')
  const { data } = useRead(ConnectionsDocument, {
    first: 50,
    filter: { search: search && search !== value ? search : null },
  })
  const names = data?.connections.items.map(({ name }) => name) ?? []
  return (
    <Select
      {...(label ? { label } : { 'aria-label': 'Connection' })}
      placeholder={placeholder}
      searchable
      clearable={clearable}
      required={label !== undefined}
      value={value}
      onChange={onChange}
      onSearchChange={setSearch}
      error={error}
      data={value && !names.includes(value) ? [value, ...names] : names}
      nothingFoundMessage="No connection has this name"
    />
  )
}
