/** Every page of the program, loaded when it is first opened. Addresses live behind the hash: `#/market/0x…`. */
import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { PageError } from './views/shell/page-error.tsx';
import { PageMissing } from './views/shell/page-missing.tsx';
import { Shell } from './views/shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: PageMissing });
const under = { getParentRoute: () => root };

const routes = [
  createRoute({ ...under, path: '/', component: lazyRouteComponent(() => import('./views/home/home-page.tsx'), 'HomePage') }),
  createRoute({ ...under, path: '/wallet', component: lazyRouteComponent(() => import('./views/wallet/wallet-page.tsx'), 'WalletPage') }),
  createRoute({ ...under, path: '/market', component: lazyRouteComponent(() => import('./views/market/market-page.tsx'), 'MarketPage') }),
  createRoute({ ...under, path: '/market/streams', component: lazyRouteComponent(() => import('./views/streams/streams-market-page.tsx'), 'StreamsMarketPage') }),
  createRoute({ ...under, path: '/market/streams/$stream', component: lazyRouteComponent(() => import('./views/streams/stream-page.tsx'), 'StreamPage') }),
  createRoute({ ...under, path: '/market/$listing', component: lazyRouteComponent(() => import('./views/listing/listing-page.tsx'), 'ListingPage') }),
  createRoute({ ...under, path: '/orders/$order', component: lazyRouteComponent(() => import('./views/orders/order-page.tsx'), 'OrderPage') }),
  createRoute({ ...under, path: '/purchases', component: lazyRouteComponent(() => import('./views/purchases/purchases-page.tsx'), 'PurchasesPage') }),
  createRoute({ ...under, path: '/publish', component: lazyRouteComponent(() => import('./views/publish/publish-page.tsx'), 'PublishPage') }),
  createRoute({ ...under, path: '/publish/$draft', component: lazyRouteComponent(() => import('./views/publish/publish-page.tsx'), 'PublishPage') }),
  createRoute({ ...under, path: '/desk', component: lazyRouteComponent(() => import('./views/desk/desk-page.tsx'), 'DeskPage') }),
  createRoute({ ...under, path: '/desk/streams', component: lazyRouteComponent(() => import('./views/streams-desk/desk-page.tsx'), 'StreamsDeskPage') }),
  createRoute({ ...under, path: '/desk/streams/new', component: lazyRouteComponent(() => import('./views/streams-desk/new-stream-page.tsx'), 'NewStreamPage') }),
  createRoute({ ...under, path: '/desk/streams/$stream', component: lazyRouteComponent(() => import('./views/streams-desk/published-page.tsx'), 'PublishedPage') }),
  createRoute({ ...under, path: '/streams', component: lazyRouteComponent(() => import('./views/streams/streams-page.tsx'), 'StreamsPage') }),
  createRoute({ ...under, path: '/streams/$channel', component: lazyRouteComponent(() => import('./views/streams/live-page.tsx'), 'LivePage') }),
  createRoute({ ...under, path: '/gateway', component: lazyRouteComponent(() => import('./views/gateway/gateway-page.tsx'), 'GatewayPage') }),
  createRoute({ ...under, path: '/rnode', component: lazyRouteComponent(() => import('./views/rnode/rnode-page.tsx'), 'RNodePage') }),
  createRoute({ ...under, path: '/node', component: lazyRouteComponent(() => import('./views/node/node-page.tsx'), 'NodePage') }),
  createRoute({ ...under, path: '/settings', component: lazyRouteComponent(() => import('./views/settings/settings-page.tsx'), 'SettingsPage') }),
] as const;

function buildRouter() {
  return createRouter({ routeTree: root.addChildren(routes), history: createHashHistory(), defaultErrorComponent: PageError });
}

export type AppRouter = ReturnType<typeof buildRouter>;

export function createAppRouter(): AppRouter {
  return buildRouter();
}

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: AppRouter;
  }
}
