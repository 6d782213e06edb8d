import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createApp, watch } from 'vue'
import { Problem, whenSignedOut } from '@/api/client'
import { startClock } from '@/live/clock'
import { keepInStep } from '@/live/fleet'
import { router } from '@/router'
import { doubted, session } from '@/session/session'
import App from '@/shell/App.vue'
import '@/style/tokens.css'
import '@/style/base.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // events say when something changed; nothing is polled
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (count, failure) => count < 2 && [0, 502, 503, 504].includes(Problem.of(failure).status),
    },
  },
})

startClock()
keepInStep(client)
whenSignedOut(() => void doubted())
watch(session, (now, before) => {
  if (now !== null || !before) return
  // another one may sign in here: nothing that was seen stays
  client.clear()
  const at = router.currentRoute.value.fullPath
  void router.replace({ path: '/sign-in', query: at === '/fleet' ? {} : { to: at } })
})

createApp(App).use(router).use(VueQueryPlugin, { queryClient: client }).mount('#app')
