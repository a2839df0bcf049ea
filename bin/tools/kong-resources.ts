import { stringify } from 'yaml'
import type { KongFile, KongPlugin, KongRoute } from '../../platform/edge/kong.ts'

const about = '# Generated from kong.yaml by npm run generate; not to be edited.\n'
/** Which gateway these are for, by the names of Kong's chart. */
const [gatewayName, ingressClass] = ['kong', 'kong']

/**
 * The edge as resources of a cluster: the Gateway API's HTTPRoutes with Kong's plugins, and the consumers, whose secrets
 * (`NAME-jwt-KEY`, with key, algorithm and secret) are made where it is deployed.
 */
export function kongResources({ services: [service], plugins, consumers }: KongFile): string {
  const { hostname, port } = new URL(service.url)
  const resources = [
    ...plugins.map(plugin => ({
      ...kongPlugin('KongClusterPlugin', plugin.name, plugin),
      metadata: {
        name: nameOf(plugin.name),
        labels: { global: 'true' },
        annotations: { 'kubernetes.io/ingress.class': ingressClass },
      },
    })),
    ...service.routes.flatMap(route => [
      ...route.plugins.map(plugin => kongPlugin('KongPlugin', `${route.name}-${plugin.name}`, plugin)),
      httpRoute(route, hostname, Number(port)),
    ]),
    ...consumers.map(({ username, jwt_secrets }) => ({
      apiVersion: 'configuration.konghq.com/v1',
      kind: 'KongConsumer',
      metadata: { name: username, annotations: { 'kubernetes.io/ingress.class': ingressClass } },
      username,
      credentials: jwt_secrets.map(({ key }) => `${username}-jwt-${key}`),
    })),
  ]
  return about + resources.map(resource => stringify(resource, { lineWidth: 0 })).join('---\n')
}

const nameOf = (name: string): string => `learnflow-${name}`

const kongPlugin = (kind: string, name: string, { name: plugin, config }: KongPlugin) => ({
  apiVersion: 'configuration.konghq.com/v1',
  kind,
  metadata: { name: nameOf(name) },
  plugin,
  config,
})

/** The controller has these settings of a route and its service as annotations. */
function httpRoute(route: KongRoute, service: string, port: number) {
  const annotations = {
    'konghq.com/strip-path': String(route.strip_path),
    'konghq.com/preserve-host': String(route.preserve_host),
    ...(route.response_buffering === undefined
      ? {}
      : { 'konghq.com/response-buffering': String(route.response_buffering) }),
    ...(route.plugins.length === 0
      ? {}
      : { 'konghq.com/plugins': route.plugins.map(({ name }) => nameOf(`${route.name}-${name}`)).join(',') }),
  }
  const paths = route.paths.map(path =>
    path.startsWith('~') ? { type: 'RegularExpression', value: path.slice(1) } : { type: 'PathPrefix', value: path },
  )
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: nameOf(route.name), annotations },
    spec: {
      parentRefs: [{ name: gatewayName }],
      rules: [
        {
          matches: paths.flatMap(path => route.methods.map(method => ({ path, method }))),
          backendRefs: [{ name: service, port }],
        },
      ],
    },
  }
}
