package web

import (
	"bytes"
	"net/http"
	"text/template"
)

var page = template.Must(template.New("page").Parse("<h1>{{.Name}}</h1>"))

func Show(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.nethttp.text-template-response
	page.Execute(w, map[string]string{"Name": r.FormValue("name")})
}

func Named(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.nethttp.text-template-response
	if err := page.ExecuteTemplate(w, "page", r.FormValue("name")); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
	}
}

func Script(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// ok: go.nethttp.text-template-response
	page.Execute(w, nil)
}

func Mail(name string) (string, error) {
	var out bytes.Buffer
	// ok: go.nethttp.text-template-response
	err := page.Execute(&out, name)
	return out.String(), err
}
