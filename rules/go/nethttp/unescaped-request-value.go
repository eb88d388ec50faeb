package web

import (
	"fmt"
	"html"
	"log"
	"net/http"
)

func Direct(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "<h1>Hello %s</h1>", r.FormValue("name"))
}

func Variable(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: go.nethttp.unescaped-request-value
	w.Write([]byte("Hello " + name))
}

func Escaped(w http.ResponseWriter, r *http.Request) {
	// ok: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "<h1>Hello %s</h1>", html.EscapeString(r.FormValue("name")))
}

func Plain(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// ok: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "Hello %s", r.FormValue("name"))
}

func Logged(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ok: go.nethttp.unescaped-request-value
	log.Printf("hello %s", name)
	w.WriteHeader(http.StatusNoContent)
}

func Numbers(w http.ResponseWriter, count int) {
	// ok: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "%d", count)
}
