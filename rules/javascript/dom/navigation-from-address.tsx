import { useRouter } from 'next/navigation';
import { useSearchParams } from 'next/navigation';

export function LoginForm() {
  const router = useRouter();
  const searchParams = useSearchParams();

  async function submit() {
    await login();
    // ruleid: javascript.dom.navigation-from-address
    router.push(searchParams.get('callbackUrl') ?? '/');
  }

  function cancel() {
    const back = searchParams.get('back');
    // ruleid: javascript.dom.navigation-from-address
    window.location.replace(back as string);
  }

  function help() {
    // ok: javascript.dom.navigation-from-address
    router.push(`/help?topic=${searchParams.get('topic')}`);
  }

  return <button onClick={submit} onBlur={cancel} onFocus={help}>Login</button>;
}
