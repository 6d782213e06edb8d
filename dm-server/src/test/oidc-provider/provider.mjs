// The certified OpenID provider `oidc-provider`, for the tests alone: signs in whom the test names,
// and asks nobody. ISSUER_PORT, REDIRECT_URI, CLIENT_SECRET; prints "ready" when it listens.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const port = Number(process.env.ISSUER_PORT)
const issuer = `http://127.0.0.1:${port}`
let who = { sub: 'nobody' }

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'firstlight',
      client_secret: process.env.CLIENT_SECRET,
      redirect_uris: [process.env.REDIRECT_URI],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      application_type: 'web',
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  cookies: { keys: ['for tests only'] },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ ...who, sub: id }) }),
})

async function interact(request, response) {
  const { params, prompt, session, grantId } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: who.sub } })
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
  grant.addOIDCScope('openid email profile')
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true })
}

const answer = provider.callback()
createServer(async (request, response) => {
  if (request.url === '/who' && request.method === 'POST') {
    let text = ''
    for await (const piece of request) text += piece
    who = JSON.parse(text)
    return response.end()
  }
  if (request.url.startsWith('/interaction/')) {
    return interact(request, response).catch((failure) => response.writeHead(500).end(String(failure)))
  }
  return answer(request, response)
}).listen(port, '127.0.0.1', () => console.log('ready'))
