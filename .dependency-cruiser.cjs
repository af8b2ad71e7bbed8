/**
 * Who may import whom: one way, as the design says. Types may cross (they are gone at run time);
 * values may not.
 */
const feature = (name) => `^src/${name}/`
const shared = '^src/(errors|ids|batch|page|scalars|html|package-root)\\.ts$'
const outside = 'node_modules|^node:|^graphiql/|^@graphql-typed-document-node/'

/** A feature may import what is shared, itself, and these. */
const only = (name, ...others) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `${name}/ imports ${others.length > 0 ? others.join(', ') : 'no other feature'}`,
  from: { path: feature(name) },
  to: {
    pathNot: [shared, outside, feature(name), ...others.map(feature)],
    dependencyTypesNot: ['type-only', 'core', 'npm', 'npm-dev'],
  },
})

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('vault'),
    only('egress'),
    only('oauth', 'egress'),
    only('callers'),
    only('database'),
    only('audit', 'callers'),
    only('connectors', 'callers', 'oauth', 'egress', 'audit'),
    only('connections', 'connectors', 'callers', 'oauth', 'vault', 'audit'),
    only('connected-accounts', 'connections', 'connectors', 'callers', 'oauth', 'vault', 'audit'),
    only('authorization', 'connected-accounts', 'connections', 'connectors', 'callers', 'oauth', 'vault', 'audit'),
    only('playground'),
    only('dashboard'),
    {
      name: 'edges-are-for-the-wiring',
      severity: 'error',
      comment:
        'Resolvers and routes are imported by schema.ts and app.ts alone; a resolver may use the page types of another.',
      from: { pathNot: ['^src/(schema|app|first-connection)\\.ts$', '\\.resolver\\.ts$'] },
      to: { path: '\\.(resolver|route)\\.ts$' },
    },
    {
      name: 'secrets-stay-in-their-folder',
      severity: 'error',
      comment: 'A class of sealed rows is known to its own folder, and to the ORM.',
      from: { path: '^src/([^/]+)/', pathNot: '^src/orm\\.ts$' },
      to: { path: '\\.secret\\.ts$', pathNot: '^src/$1/' },
    },
    {
      name: 'secrets-stay-in-their-folder-2',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$', pathNot: '^src/orm\\.ts$' },
      to: { path: '\\.secret\\.ts$' },
    },
    {
      name: 'secrets-are-no-graphql-types',
      severity: 'error',
      from: { path: '\\.secret\\.ts$' },
      to: { path: 'node_modules/type-graphql' },
    },
    {
      name: 'one-importer-of-simple-oauth2',
      severity: 'error',
      from: { pathNot: '^src/oauth/' },
      to: { path: 'node_modules/simple-oauth2' },
    },
    {
      name: 'one-importer-of-the-provider',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/playground/' },
      to: { path: 'node_modules/oidc-provider' },
    },
    {
      name: 'the-dashboard-is-a-client',
      severity: 'error',
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
