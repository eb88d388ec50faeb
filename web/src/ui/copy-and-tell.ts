import { copyText } from './copy'
import { toast } from './toast'

/** Copies by a key, where no button could say that it is done. */
export async function copyAndTell(text: string, what: string): Promise<void> {
  toast((await copyText(text)) ? `${what} copied` : `${what} not copied: the browser does not let pages copy here`)
}
