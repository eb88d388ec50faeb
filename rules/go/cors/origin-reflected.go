package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

var origins = []string{"https://app.example.com", "https://admin.example.com"}

func Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if origin != "" {
			// ruleid: go.cors.origin-reflected
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
		next.ServeHTTP(w, r)
	})
}

func Gin(c *gin.Context) {
	allow(c, c.GetHeader("Origin"))
}

func allow(c *gin.Context, origin string) {
	// ruleid: go.cors.origin-reflected
	c.Header("Access-Control-Allow-Origin", origin)
}

func Echo(c echo.Context) error {
	origin := c.Request().Header.Get(echo.HeaderOrigin)
	// ruleid: go.cors.origin-reflected
	c.Response().Header().Set(echo.HeaderAccessControlAllowOrigin, origin)
	return c.NoContent(204)
}

func Listed(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if slices.Contains(origins, origin) {
		// ok: go.cors.origin-reflected
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
}

func Constant(w http.ResponseWriter, r *http.Request) {
	// ok: go.cors.origin-reflected
	w.Header().Set("Access-Control-Allow-Origin", "https://app.example.com")
}

func Compared(c *gin.Context) {
	origin := c.GetHeader("Origin")
	if origin != "https://app.example.com" {
		return
	}
	// ok: go.cors.origin-reflected
	c.Header("Access-Control-Allow-Origin", origin)
}

func Suffix(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if !strings.HasSuffix(origin, ".example.com") {
		return
	}
	// ok: go.cors.origin-reflected
	w.Header().Set("Access-Control-Allow-Origin", origin)
}
