/** Scopes: each with a description, required ones locked, and free entry for scopes that are not listed. */
import { Button, Checkbox, Group, Pill, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { MethodFragment } from '../generated/graphql.js'

export function ScopePicker({
  known,
  chosen,
  onChange,
  disabled = false,
}: {
  known: MethodFragment['scopes']
  chosen: string[]
  onChange(scopes: string[]): void
  disabled?: boolean
}) {
  const [search, setSearch] = useState('')
  const [own, setOwn] = useState('')
  const free = chosen.filter((scope) => !known.some(({ value }) => value === scope))
  const shown = known.filter(({ value, description }) =>
    `${value} ${description ?? ''}`.toLowerCase().includes(search.toLowerCase()),
  )
  const add = () => {
    const added = own.split(/[\s,]+/).filter(Boolean)
    if (added.length > 0) onChange([...new Set([...chosen, ...added])])
    setOwn('')
  }
  return (
    <Stack gap="sm">
      {known.length > 8 ? (
        <TextInput
          aria-label="Find a scope"
          placeholder="Find a scope"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      ) : null}
      <Stack
        gap={6}
        mah={320}
        style={{ overflowY: 'auto' }}
        role="group"
        aria-label="Known scopes"
        tabIndex={known.length > 8 ? 0 : undefined}
      >
        {shown.map(({ value, description, required }) => (
          <Checkbox
            key={value}
            checked={required || chosen.includes(value)}
            disabled={disabled || required}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...chosen, value] : chosen.filter((scope) => scope !== value))
            }
            label={
              <>
                <Text span ff="monospace" fz={13}>
                  {value}
                </Text>
                {required ? <Text span> · always asked for</Text> : null}
                {description ? (
                  <Text span c="dimmed">
                    {' '}
                    · {description}
                  </Text>
                ) : null}
              </>
            }
          />
        ))}
      </Stack>
      {free.length > 0 ? (
        <Pill.Group aria-label="Scopes of your own">
          {free.map((scope) => (
            <Pill
              key={scope}
              withRemoveButton={!disabled}
              onRemove={() => onChange(chosen.filter((other) => other !== scope))}
              removeButtonProps={{ 'aria-label': `Remove ${scope}`, tabIndex: 0 }}
            >
              {scope}
            </Pill>
          ))}
        </Pill.Group>
      ) : null}
      <Group align="flex-end" gap="xs">
        <TextInput
          flex={1}
          label="Another scope"
          description="Any scope of the provider, as it spells it; several with spaces between."
          value={own}
          disabled={disabled}
          onChange={(event) => setOwn(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
        />
        <Button variant="default" onClick={add} disabled={disabled || own.trim() === ''}>
          Add
        </Button>
      </Group>
    </Stack>
  )
}
