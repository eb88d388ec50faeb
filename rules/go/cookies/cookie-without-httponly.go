package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/sessions"
)

func Missing(w http.ResponseWriter, id string) {
	// ruleid: go.cookies.cookie-without-httponly
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: true})
}

func Variable(w http.ResponseWriter, id string) {
	cookie := &http.Cookie{Name: "session", Value: id, Secure: true}
	// ruleid: go.cookies.cookie-without-httponly
	http.SetCookie(w, cookie)
}

func Gin(c *gin.Context, id string) {
	// ruleid: go.cookies.cookie-without-httponly
	c.SetCookie("session", id, 3600, "/", "", true, false)
}

func Store() *sessions.Options {
	// ruleid: go.cookies.cookie-without-httponly
	return &sessions.Options{Path: "/", Secure: true, HttpOnly: false}
}

func Complete(w http.ResponseWriter, id string) {
	// ok: go.cookies.cookie-without-httponly
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, HttpOnly: true, Secure: true})
}

func Language(w http.ResponseWriter, code string) {
	// ok: go.cookies.cookie-without-httponly
	http.SetCookie(w, &http.Cookie{Name: "lang", Value: code, Secure: true})
}

func Remove(w http.ResponseWriter) {
	// ok: go.cookies.cookie-without-httponly
	http.SetCookie(w, &http.Cookie{Name: "session", Path: "/", MaxAge: -1})
}

func GinComplete(c *gin.Context, id string) {
	// ok: go.cookies.cookie-without-httponly
	c.SetCookie("session", id, 3600, "/", "", true, true)
}
