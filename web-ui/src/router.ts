import { createRouter, createWebHashHistory } from 'vue-router'
import { restore, session } from '@/session/session'

// Everything behind the #: the server needs no fallback, the console works below any path, and a
// sign-in link's code is never sent in a request line.
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: '/fleet' },
    {
      path: '/sign-in',
      component: () => import('@/session/SignInPage.vue'),
      meta: { title: 'Sign in', open: true },
    },
    {
      path: '/claim/:page',
      component: () => import('@/claim/ClaimPage.vue'),
      meta: { title: 'Claim your device', open: true },
    },
    { path: '/fleet', component: () => import('@/fleet/FleetPage.vue'), meta: { title: 'Fleet' } },
    {
      path: '/devices/:endpointName/:part(journey|objects|configuration)?',
      component: () => import('@/device/DevicePage.vue'),
      meta: { title: 'Device' },
    },
    { path: '/manufacturers', component: () => import('@/trust/ManufacturersPage.vue'), meta: { title: 'Manufacturers' } },
    { path: '/shipments', component: () => import('@/trust/ShipmentsPage.vue'), meta: { title: 'Shipments' } },
    { path: '/plans', component: () => import('@/plan/PlansPage.vue'), meta: { title: 'Onboarding plans' } },
    { path: '/plans/:id', component: () => import('@/plan/PlanPage.vue'), meta: { title: 'Onboarding plan' } },
    { path: '/certificates', component: () => import('@/certificate/CertificatesPage.vue'), meta: { title: 'Due for renewal' } },
    { path: '/refused', component: () => import('@/refused/RefusedPage.vue'), meta: { title: 'Refused' } },
    { path: '/users', component: () => import('@/people/UsersPage.vue'), meta: { title: 'Users' } },
    { path: '/tenants', component: () => import('@/people/TenantsPage.vue'), meta: { title: 'Tenants' } },
    { path: '/account', component: () => import('@/people/AccountPage.vue'), meta: { title: 'Account' } },
    { path: '/audit', component: () => import('@/audit/AuditPage.vue'), meta: { title: 'Audit' } },
    { path: '/set-aside', component: () => import('@/aside/SetAsidePage.vue'), meta: { title: 'Set aside' } },
    {
      path: '/connect',
      component: () => import('@/connect/ConnectPage.vue'),
      meta: { title: 'Connect a client' },
    },
    { path: '/:rest(.*)', component: () => import('@/shell/NotFoundPage.vue'), meta: { title: 'Not found' } },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  if (to.meta.open === true) return true
  if (session.value === undefined) {
    try {
      await restore()
    } catch {
      // the server does not answer: App says so and tries again
      return true
    }
  }
  if (session.value === null) return { path: '/sign-in', query: to.path === '/fleet' ? {} : { to: to.fullPath } }
  return true
})

router.afterEach((to) => {
  const name = to.params.endpointName
  const title = typeof name === 'string' ? name : String(to.meta.title ?? '')
  document.title = title ? `${title} · Firstlight` : 'Firstlight'
})
