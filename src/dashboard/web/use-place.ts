/** Filters are kept in the address, so that a page can be returned to and the back button works. */
import { useCallback } from 'react'
import { useLocation, useRouter, useSearch } from 'wouter'

export function usePlace(): [
  read: URLSearchParams,
  change: (changes: Record<string, string | null>, replace?: boolean) => void,
] {
  const search = useSearch()
  const [location, navigate] = useLocation()
  const { base } = useRouter()
  const change = useCallback(
    (changes: Record<string, string | null>, replace = true) => {
      // Typed text that arrives after the page was left must not change the address.
      if (window.location.pathname !== base + location) return
      const params = new URLSearchParams(search)
      for (const [key, value] of Object.entries(changes)) {
        if (value === null || value === '') params.delete(key)
        else params.set(key, value)
      }
      const text = params.toString()
      navigate(text === '' ? location : `${location}?${text}`, { replace })
    },
    [search, location, navigate, base],
  )
  return [new URLSearchParams(search), change]
}
