/** The path of this server's addresses, where a proxy serves it below one: dashboard.route.ts. */
export const base = document.documentElement.dataset.base ?? ''
