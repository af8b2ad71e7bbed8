/** Filters live in the address: a page that was left is found again, and the back button goes back. */
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
      // Somebody who typed and then left: the page that they left has no say any more.
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
