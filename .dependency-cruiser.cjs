/**
 * Who may import whom: one way, from what is special down to what is general. Types may cross (they are
 * gone at run time); values may not. `npm run picture` draws what is so.
 */
const feature = (name) => `^src/${name}/`
/** What everything needs, at the root of src/. */
const shared =
  '^src/(batches|bounded-cache|clock|complexity|errors|hash|html|ids|log' +
  '|package-root|page|public-path|scalars|text)\\.ts$'
const outside = 'node_modules|^node:|^graphiql/|^@graphql-typed-document-node/'

/** A feature may import what is shared, itself, and these. */
const only = (name, why, ...others) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `${why} So ${name}/ imports ${others.length > 0 ? others.join(', ') : 'no other feature'}.`,
  from: { path: feature(name) },
  to: {
    pathNot: [shared, outside, feature(name), ...others.map(feature)],
    dependencyTypesNot: ['type-only', 'core', 'npm', 'npm-dev'],
  },
})

/** What lies at the bottom and is imported from above: each line may use those before it, where it says so. */
const below = ['callers', 'audit', 'vault', 'jobs', 'database', 'limits']
const domain = [
  'egress',
  'oauth',
  'connectors',
  'connections',
  'connected-accounts',
  'credentials',
  'refresh',
  'tokens',
]
/** A room of the domain may use those below it, never those above. */
const room = (name, why) => only(name, why, ...domain.slice(0, domain.indexOf(name)), ...below)

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'What cannot be read in one direction cannot be cut.',
      from: {},
      to: { circular: true },
    },
    only('vault', 'It seals for everybody and knows nobody.'),
    only('egress', 'It guards the way out for everybody and knows no protocol.'),
    only('database', 'It runs PostgreSQL, and knows no table.'),
    only('jobs', 'It runs what it is given; which jobs there are is for app.ts to say.'),
    only('limits', 'It counts for everybody, and knows nobody.'),
    only('callers', 'Who asks is decided before what is asked.'),
    only('audit', 'A record names its caller and nothing else.', 'callers'),
    only('oauth', "The provider's side knows no account, no database and no GraphQL.", 'egress'),
    room('connectors', 'A connector is data, whoever set it up.'),
    room('connections', 'A connection is the same for all of its accounts.'),
    room('connected-accounts', 'The record of an account is public; what it unlocks is above it.'),
    room('credentials', 'The one way in does not know how credentials are renewed.'),
    room('refresh', 'Renewing asks nobody for permission; the gate did.'),
    room('tokens', 'The one way out is above everything that it decides by.'),
    only('authorization', 'A user authorizes; what comes of it enters by credentials/.', ...domain, ...below),
    only('playground', 'A provider to try things with is no part of the product.', ...below),
    only('dashboard', 'It serves files, and is a client of the API like any other.'),
    only('health', 'It reports on everything by what it is given.'),
    {
      name: 'edges-are-for-the-wiring',
      severity: 'error',
      comment:
        'Resolvers and routes parse, call one use case and map: nothing but the wiring has a use for one. ' +
        'A resolver may use the page type of another.',
      from: { pathNot: ['^src/app\\.ts$', '^src/graphql/schema\\.ts$', '\\.resolver\\.ts$'] },
      to: { path: '\\.(resolver|route)\\.ts$' },
    },
    {
      name: 'the-doors-are-for-the-wiring',
      severity: 'error',
      comment: 'Use cases know no GraphQL: only the wiring, and the tools that emit the schema, know its doors.',
      from: { path: '^src/', pathNot: ['^src/(app|emit)\\.ts$', '^src/graphql/', '^src/tools/'] },
      to: { path: '^src/graphql/' },
    },
    {
      name: 'secrets-stay-in-their-folder',
      severity: 'error',
      comment: 'A class of sealed rows is known to its own folder, and to the ORM.',
      from: { path: '^src/([^/]+)/' },
      to: { path: '\\.secret\\.ts$', pathNot: '^src/$1/' },
    },
    {
      name: 'secrets-are-not-for-the-root',
      severity: 'error',
      comment: 'The wiring hands services around, never rows; the ORM has to list every class.',
      from: { path: '^src/[^/]+\\.ts$', pathNot: '^src/orm\\.ts$' },
      to: { path: '\\.secret\\.ts$' },
    },
    {
      name: 'secrets-are-no-graphql-types',
      severity: 'error',
      comment: 'What GraphQL cannot see, it cannot show.',
      from: { path: '\\.secret\\.ts$' },
      to: { path: 'node_modules/type-graphql' },
    },
    {
      name: 'one-importer-of-simple-oauth2',
      severity: 'error',
      comment: 'Its exchanges lose tokens: docs/decisions. Only the authorize URL is built with it.',
      from: { pathNot: '^src/oauth/' },
      to: { path: 'node_modules/simple-oauth2' },
    },
    {
      name: 'one-importer-of-the-provider',
      severity: 'error',
      comment: 'The product is tested against oidc-provider, and does not use it.',
      from: { path: '^src/', pathNot: '^src/playground/' },
      to: { path: 'node_modules/oidc-provider' },
    },
    {
      name: 'one-importer-of-pg-boss',
      severity: 'error',
      comment: 'Jobs are described by their features and run by jobs/.',
      from: { path: '^src/', pathNot: '^src/jobs/' },
      to: { path: 'node_modules/pg-boss' },
    },
    {
      name: 'the-dashboard-is-a-client',
      severity: 'error',
      comment: 'What it can do, every client can do.',
      from: { path: '^src/dashboard/web/' },
      to: { path: '^src/', pathNot: '^src/dashboard/web/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: false,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js'], conditionNames: ['import', 'node', 'default'] },
  },
}
