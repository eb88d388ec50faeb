// Passkeys: the browser's part of the ceremonies.

import { answer, api } from '@/api/client'

export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential
}

type Json = Record<string, unknown>

/** The server's options with or without the envelope of the specification. */
function inner(options: Json): Json {
  return (options.publicKey as Json | undefined) ?? options
}

/** Signs in with a passkey of this device.
 * @throws `Problem` of the server, or `DOMException` when the person or the device does not go on. */
export async function signInWithPasskey(rememberMe: boolean) {
  const { ceremonyId, options } = await answer(api.POST('/auth/passkeys/challenge', {}))
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    inner(options as Json) as unknown as PublicKeyCredentialRequestOptionsJSON,
  )
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
  const body = { ceremonyId, credential: credential.toJSON() as Json, rememberMe }
  return answer(api.POST('/auth/passkeys/sign-in', { body: body as never }))
}

/** Makes a passkey on this device and gives it to the account. */
export async function addPasskey(name: string, password: string | undefined) {
  const { ceremonyId, options } = await answer(
    api.POST('/auth/passkeys/registration', { body: { password: password || undefined } }),
  )
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    inner(options as Json) as unknown as PublicKeyCredentialCreationOptionsJSON,
  )
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
  const body = { ceremonyId, name, credential: credential.toJSON() as Json }
  return answer(api.POST('/auth/passkeys', { body: body as never }))
}

/** Why the browser did not go on, in words. */
export function passkeyProblem(error: unknown): string | undefined {
  if (!(error instanceof DOMException)) return undefined
  switch (error.name) {
    case 'NotAllowedError':
      return 'No passkey was used: it was cancelled, or there is none for this address on this device.'
    case 'InvalidStateError':
      return 'This device has a passkey for the account already.'
    case 'SecurityError':
      return 'Passkeys need the address that the server is configured with (API_BASE_URL), over https or on localhost.'
    default:
      return 'The device refused; sign in another way.'
  }
}
