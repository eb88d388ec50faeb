package pages

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	text "text/template"
	"time"

	"github.com/flosch/pongo2/v6"
	"github.com/gin-gonic/gin"
)

func Hello(w http.ResponseWriter, r *http.Request) {
	page := fmt.Sprintf("<h1>Hello %s</h1>", r.FormValue("name"))
	// ruleid: go.injection.template-from-request
	tmpl, err := template.New("hello").Parse(page)
	if err != nil {
		return
	}
	_ = tmpl.Execute(w, nil)
}

func Mail(c *gin.Context) {
	var in struct{ Body string }
	if err := c.BindJSON(&in); err != nil {
		return
	}
	compile(in.Body)
}

func compile(body string) {
	t := text.New("mail")
	// ruleid: go.injection.template-from-request
	t, _ = t.Parse(body)
	_ = t
}

func Django(c *gin.Context) {
	// ruleid: go.injection.template-from-request
	tpl, err := pongo2.FromString(c.Query("template"))
	_, _ = tpl, err
}

func Must(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.template-from-request
	tmpl := template.Must(template.New("x").Funcs(template.FuncMap{}).Parse("Hi " + r.URL.Query().Get("name")))
	_ = tmpl.Execute(w, nil)
}

func Data(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.template-from-request
	tmpl := template.Must(template.New("hello").Parse(`<h1>Hello {{.}}</h1>`))
	_ = tmpl.Execute(w, r.FormValue("name"))
}

func Other(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.template-from-request
	u, _ := url.Parse(r.FormValue("next"))
	// ok: go.injection.template-from-request
	t, _ := time.Parse(time.RFC3339, r.FormValue("from"))
	_, _ = u, t
}

func Known(w http.ResponseWriter, r *http.Request) {
	pages := map[string]string{"a": "Hello {{.}}", "b": "Bye {{.}}"}
	// ok: go.injection.template-from-request
	tmpl := template.Must(template.New("x").Parse(pages[r.FormValue("page")]))
	_ = tmpl.Execute(w, "you")
}
