/** A text filter that is kept in the address: typed text is put there after a moment, and changes are shown. */
import { TextInput, type TextInputProps } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useRef, useState } from 'react'

/** Milliseconds without typing until the list is filtered. */
const MOMENT = 150

export function SearchInput({
  value,
  onSearch,
  ...props
}: { value: string; onSearch(text: string): void } & Omit<TextInputProps, 'value' | 'onChange'>) {
  const [text, setText] = useState(value)
  const [shown, setShown] = useState(value)
  const told = useRef(value)
  const tell = useDebouncedCallback((next: string) => {
    told.current = next
    onSearch(next)
  }, MOMENT)
  // The address was changed by something else: a link, or the back button.
  if (value !== shown) {
    setShown(value)
    if (value !== told.current) setText(value)
  }
  return (
    <TextInput
      {...props}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        tell(event.currentTarget.value)
      }}
    />
  )
}
