/** The one app that is registered with the playground; every connection's redirect URI is registered with it. */
export const PLAYGROUND_CLIENT = { id: 'playground', secret: 'playground-secret' }
