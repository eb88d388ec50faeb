package session

import (
	"crypto/rand"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"
)

var key = make([]byte, 32)

func Begin(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.cookies.session-id-from-request
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: r.URL.Query().Get("session"), HttpOnly: true})
}

func Gin(c *gin.Context) {
	remember(c, c.Query("token"))
}

func remember(c *gin.Context, value string) {
	// ruleid: go.cookies.session-id-from-request
	c.SetCookie("auth_token", value, 3600, "/", "", true, true)
}

func Again(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("sid")
	// ruleid: go.cookies.session-id-from-request
	cookie := http.Cookie{Name: "sid", Value: id}
	http.SetCookie(w, &cookie)
}

func Random(w http.ResponseWriter, r *http.Request) {
	// ok: go.cookies.session-id-from-request
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: rand.Text(), HttpOnly: true})
}

func Language(w http.ResponseWriter, r *http.Request) {
	// ok: go.cookies.session-id-from-request
	http.SetCookie(w, &http.Cookie{Name: "language", Value: r.FormValue("language")})
}

func Signed(c *gin.Context) {
	claims := jwt.MapClaims{"sub": c.PostForm("user")}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	if err != nil {
		return
	}
	// ok: go.cookies.session-id-from-request
	c.SetCookie("auth_token", token, 3600, "/", "", true, true)
}
