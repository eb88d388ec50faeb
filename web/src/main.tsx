import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { onSessionEnd } from '@/api/client'
import { client } from '@/app/queries'
import { router } from '@/app/router'
import { clearSession } from '@/app/session'
import { handleKey } from '@/lib/keys'
import '@/ui/tokens.css'
import '@/ui/base.css'
import '@/ui/controls.css'
import '@/ui/page.css'
import '@/ui/frame.css'

window.addEventListener('keydown', handleKey)

// The server was renewed, and the files of the page that is open are gone.
window.addEventListener('vite:preloadError', () => window.location.reload())

onSessionEnd(() => {
  const here = router.state.location
  // The public pages ask who somebody is and can be told: nobody.
  if (!here.pathname.startsWith('/sign-in') && client.getQueryData(['me'])) {
    clearSession(client)
    router.navigate({ to: '/sign-in', search: { to: here.href, ended: true }, replace: true })
  }
})

// The code of the page at this address is asked for at once, not when the server has said who is there.
for (const { routeId } of router.matchRoutes(router.latestLocation)) {
  const { component } = router.routesById[routeId as keyof typeof router.routesById].options
  if (component && 'preload' in component) component.preload?.()
}

const root = document.getElementById('root')
if (!root) throw new Error('index.html has a root')
createRoot(root).render(
  <StrictMode>
    {/* The policy of the page allows no style elements; the rules they would hold are in our sheets. */}
    <CSPProvider disableStyleElements>
      <Tooltip.Provider>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </Tooltip.Provider>
    </CSPProvider>
  </StrictMode>,
)
