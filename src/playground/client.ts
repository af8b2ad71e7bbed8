/** The only OAuth client of the playground. Every connection's redirect URI is registered for it. */
export const PLAYGROUND_CLIENT = { id: 'playground', secret: 'playground-secret' }
