/** Filters live in the address: a page that was left is found again, and the back button goes back. */
import { useCallback } from 'react'
import { useLocation, useSearch } from 'wouter'

export function usePlace(): [read: URLSearchParams, change: (changes: Record<string, string | null>, replace?: boolean) => void] {
  const search = useSearch()
  const [location, navigate] = useLocation()
  const change = useCallback(
    (changes: Record<string, string | null>, replace = true) => {
      const params = new URLSearchParams(search)
      for (const [key, value] of Object.entries(changes)) {
        if (value === null || value === '') params.delete(key)
        else params.set(key, value)
      }
      const text = params.toString()
      navigate(text === '' ? location : `${location}?${text}`, { replace })
    },
    [search, location, navigate],
  )
  return [new URLSearchParams(search), change]
}
