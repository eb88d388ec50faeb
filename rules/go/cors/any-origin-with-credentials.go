package web

import (
	"net/http"

	gincors "github.com/gin-contrib/cors"
	"github.com/labstack/echo/v4/middleware"
	"github.com/rs/cors"
)

var trusted = map[string]bool{"https://app.example.com": true}

func RS() *cors.Cors {
	// ruleid: go.cors.any-origin-with-credentials
	return cors.New(cors.Options{
		AllowedOrigins:   []string{"*"},
		AllowedMethods:   []string{"GET", "POST"},
		AllowCredentials: true,
	})
}

func Func() *cors.Cors {
	// ruleid: go.cors.any-origin-with-credentials
	return cors.New(cors.Options{
		AllowCredentials: true,
		AllowOriginFunc:  func(origin string) bool { return true },
	})
}

func Gin() gincors.Config {
	// ruleid: go.cors.any-origin-with-credentials
	return gincors.Config{AllowAllOrigins: true, AllowCredentials: true}
}

func Echo() middleware.CORSConfig {
	// ruleid: go.cors.any-origin-with-credentials
	return middleware.CORSConfig{AllowOrigins: []string{"*"}, AllowCredentials: true}
}

func Reflected(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.cors.any-origin-with-credentials
	w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func Variable(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	// ruleid: go.cors.any-origin-with-credentials
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func Listed() *cors.Cors {
	// ok: go.cors.any-origin-with-credentials
	return cors.New(cors.Options{
		AllowedOrigins:   []string{"https://app.example.com"},
		AllowCredentials: true,
	})
}

func Public() *cors.Cors {
	// ok: go.cors.any-origin-with-credentials
	return cors.New(cors.Options{AllowedOrigins: []string{"*"}})
}

func Checked(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if trusted[origin] {
		// ok: go.cors.any-origin-with-credentials
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}
