/** Repairs PEM files (RFC 7468) that were pasted: line breaks that became blanks or `\\n`, lines that were indented. */

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g
/** Of a key that is encrypted in the older way (RFC 1421 §4.6). */
const ENCRYPTED = /^\s*(Proc-Type:\s*4,ENCRYPTED)\s+(DEK-Info:\s*[\w-]+,[0-9A-F]+)\s/i

/** The blocks of a file as every program reads them; a text without one stays as it is. */
export function rewrapped(text: string): string {
  const blocks = [...text.replaceAll('\\r', '').replaceAll('\\n', '\n').matchAll(BLOCK)].map(
    ([, label, content = '']) => {
      const [headers = '', type, cipher] = ENCRYPTED.exec(content) ?? []
      const body = content.slice(headers.length).replace(/\s+/g, '')
      const lines = [...(type ? [type, cipher, ''] : []), ...(body.match(/.{1,64}/g) ?? [])]
      return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')
    },
  )
  return blocks.length > 0 ? blocks.join('\n') : text
}
