package web

import (
	"encoding/base64"
	"html"
	"html/template"
	"io"

	"github.com/microcosm-cc/bluemonday"
)

const footer = "<footer>2024</footer>"

func Comment(text string) template.HTML {
	// ruleid: go.injection.unescaped-template-type
	return template.HTML(text)
}

func Link(w io.Writer, page *template.Template, href string) error {
	// ruleid: go.injection.unescaped-template-type
	return page.Execute(w, map[string]any{"Href": template.URL(href)})
}

func Bold(name string) template.HTML {
	// ruleid: go.injection.unescaped-template-type
	return template.HTML("<b>" + name + "</b>")
}

func Constant() template.HTML {
	// ok: go.injection.unescaped-template-type
	return template.HTML(footer)
}

func Sanitised(text string) template.HTML {
	// ok: go.injection.unescaped-template-type
	return template.HTML(bluemonday.UGCPolicy().Sanitize(text))
}

func Escaped(text string) template.HTML {
	// ok: go.injection.unescaped-template-type
	return template.HTML(html.EscapeString(text))
}

func Picture(data []byte) template.URL {
	// ok: go.injection.unescaped-template-type
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(data))
}

func Parse(text string) (*template.Template, error) {
	// ok: go.injection.unescaped-template-type
	return template.New("page").Parse(text)
}
