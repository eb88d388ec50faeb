package download

import (
	"fmt"
	"mime"
	"net"
	"net/http"
	"path/filepath"

	"github.com/gin-gonic/gin"
)

func Type(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.response-header-from-request
	w.Header().Set("Content-Type", r.FormValue("type"))
}

func Name(c *gin.Context) {
	attach(c, c.Query("name"))
}

func attach(c *gin.Context, name string) {
	// ruleid: go.injection.response-header-from-request
	c.Header("Content-Disposition", "attachment; filename="+name)
}

func Any(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.response-header-from-request
	w.Header().Set(r.URL.Query().Get("header"), "1")
}

func Raw(conn net.Conn, r *http.Request) {
	// ruleid: go.injection.response-header-from-request
	fmt.Fprintf(conn, "HTTP/1.1 302 Found\r\nLocation: %s\r\n\r\n", r.FormValue("next"))
}

func Formatted(w http.ResponseWriter, r *http.Request) {
	value := mime.FormatMediaType("attachment", map[string]string{"filename": r.FormValue("name")})
	// ok: go.injection.response-header-from-request
	w.Header().Set("Content-Disposition", value)
}

func Plain(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.response-header-from-request
	w.Header().Set("X-Request-Id", r.FormValue("id"))
}

func Extension(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.response-header-from-request
	w.Header().Set("Content-Type", mime.TypeByExtension(filepath.Ext(r.FormValue("name"))))
}

func Known(c *gin.Context) {
	kind := "text/csv"
	if c.Query("format") == "json" {
		kind = "application/json"
	}
	// ok: go.injection.response-header-from-request
	c.Header("Content-Type", kind)
}
