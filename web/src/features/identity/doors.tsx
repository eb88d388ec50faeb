// The pages of who is not signed in, which come together.

export { Forgot, Reset, Verify } from './mailed'
export { AcceptInvitation, Register, Setup } from './register'
export { SecondFactor } from './second-factor-door'
export { SignIn } from './sign-in'
