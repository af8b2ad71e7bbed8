// npm run emit writes it from web/documents.
import documents from './documents.json' with { type: 'json' }

/** Every document that the dashboard sends, by its id: `sha256:` and the hash of its text. */
export const DASHBOARD_DOCUMENTS: Readonly<Record<string, string>> = documents
