/** Text with code in it, as rules write it: paragraphs, `words of code`, blocks between ``` lines. Always text, never a page. */
export function Prose({ text }: { text: string }) {
  // Every second part was between fences; the word after the first fence names a language.
  return text.split('```').map((part, at) =>
    at % 2 === 1 ? (
      <pre className="once prose-code" key={at}>
        {part.replace(/^[\w+#-]*[ \t]*\n?/, '').trimEnd()}
      </pre>
    ) : (
      part
        .split(/\n\s*\n/)
        .filter((paragraph) => paragraph.trim())
        .map((paragraph, index) => (
          <p key={`${at}-${index}`}>
            {paragraph.split('`').map((words, of) => (of % 2 === 1 ? <code key={of}>{words}</code> : words))}
          </p>
        ))
    ),
  )
}
