/** Ranges of client addresses, in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3). */
import ipaddr from 'ipaddr.js'

/**
 * @param text an address or a range, of IPv4 or IPv6
 * @returns the range, written as `10.0.0.0/8`; null where it is none
 */
export function readRange(text: string): string | null {
  const [address = '', length, ...rest] = text.trim().split('/')
  if (rest.length > 0 || !ipaddr.isValid(address) || (ipaddr.IPv4.isIPv4(address) && !/^(\d+\.){3}\d+$/.test(address)))
    return null
  const parsed = ipaddr.process(address)
  const longest = parsed.kind() === 'ipv4' ? 32 : 128
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > longest)) return null
  return `${parsed.toString()}/${length ?? longest}`
}

/** @param address of a client; one of IPv4 that is written in IPv6 counts as IPv4 */
export function isWithinRanges(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return ranges.some((range) => {
    const [network, length] = ipaddr.parseCIDR(range)
    return network.kind() === parsed.kind() && parsed.match(network, length)
  })
}

/** Whether every address of `inner` is in one of `outer`. */
export function areWithinRanges(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.every((range) => {
    const [network, length] = ipaddr.parseCIDR(range)
    return outer.some((other) => {
      const [around, shorter] = ipaddr.parseCIDR(other)
      return network.kind() === around.kind() && length >= shorter && network.match(around, shorter)
    })
  })
}

/**
 * Whom an address counts as where something is limited: of IPv6 the network of 64 bits, since whoever has one address
 * of it has all of them (RFC 6177 §2).
 *
 * @param address of a client; undefined where it has gone already
 */
export function partyOf(address: string | undefined): string {
  if (address === undefined) return 'nobody'
  // Asked for with each request: one of IPv4 is written in one way.
  if (!address.includes(':') || !ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv4'
    ? parsed.toString()
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/64`).toString()}/64`
}
