package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/sessions"
)

func Missing(w http.ResponseWriter, id string) {
	// ruleid: go.cookies.cookie-without-secure
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, HttpOnly: true})
}

func Variable(w http.ResponseWriter, id string) {
	cookie := &http.Cookie{Name: "session", Value: id, HttpOnly: true}
	// ruleid: go.cookies.cookie-without-secure
	http.SetCookie(w, cookie)
}

func Gin(c *gin.Context, id string) {
	// ruleid: go.cookies.cookie-without-secure
	c.SetCookie("session", id, 3600, "/", "", false, true)
}

func Store() *sessions.Options {
	// ruleid: go.cookies.cookie-without-secure
	return &sessions.Options{Path: "/", Secure: false, HttpOnly: true}
}

func Complete(w http.ResponseWriter, id string) {
	// ok: go.cookies.cookie-without-secure
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, HttpOnly: true, Secure: true})
}

func Later(w http.ResponseWriter, id string, tls bool) {
	cookie := &http.Cookie{Name: "session", Value: id, HttpOnly: true}
	cookie.Secure = tls
	// ok: go.cookies.cookie-without-secure
	http.SetCookie(w, cookie)
}

func Remove(w http.ResponseWriter) {
	// ok: go.cookies.cookie-without-secure
	http.SetCookie(w, &http.Cookie{Name: "session", Path: "/", MaxAge: -1})
}

func Client(r *http.Request, id string) {
	// ok: go.cookies.cookie-without-secure
	r.AddCookie(&http.Cookie{Name: "session", Value: id})
}

func GinComplete(c *gin.Context, id string) {
	// ok: go.cookies.cookie-without-secure
	c.SetCookie("session", id, 3600, "/", "", true, true)
}
