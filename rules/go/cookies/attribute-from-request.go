package prefs

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

func Name(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.cookies.attribute-from-request
	http.SetCookie(w, &http.Cookie{Name: r.FormValue("name"), Value: "1"})
}

func Domain(w http.ResponseWriter, r *http.Request) {
	set(w, r.URL.Query().Get("domain"))
}

func set(w http.ResponseWriter, domain string) {
	// ruleid: go.cookies.attribute-from-request
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark", Domain: domain})
}

func Gin(c *gin.Context) {
	// ruleid: go.cookies.attribute-from-request
	c.SetCookie("theme", "dark", 3600, "/", c.Query("domain"), true, true)
}

func Value(w http.ResponseWriter, r *http.Request) {
	// ok: go.cookies.attribute-from-request
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: url.QueryEscape(r.FormValue("theme")), Path: "/"})
}

func Known(c *gin.Context) {
	name := "theme"
	if c.Query("what") == "size" {
		name = "size"
	}
	// ok: go.cookies.attribute-from-request
	c.SetCookie(name, c.Query("value"), 3600, "/", "", true, true)
}

func Constant(w http.ResponseWriter) {
	// ok: go.cookies.attribute-from-request
	http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1", Path: "/"})
}
