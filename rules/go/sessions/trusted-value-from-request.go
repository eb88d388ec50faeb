package session

import (
	"net/http"

	ginsessions "github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"
	"github.com/gorilla/sessions"
)

var store = sessions.NewCookieStore(keys()...)

func keys() [][]byte { return nil }

func Role(w http.ResponseWriter, r *http.Request) {
	session, _ := store.Get(r, "app")
	// ruleid: go.sessions.trusted-value-from-request
	session.Values["role"] = r.FormValue("role")
	_ = session.Save(r, w)
}

func Tenant(w http.ResponseWriter, r *http.Request) {
	session, _ := store.Get(r, "app")
	keep(session, r.URL.Query().Get("tenant"))
}

func keep(session *sessions.Session, tenant string) {
	// ruleid: go.sessions.trusted-value-from-request
	session.Values["tenant"] = tenant
}

func Gin(c *gin.Context) {
	session := ginsessions.Default(c)
	// ruleid: go.sessions.trusted-value-from-request
	session.Set("user_id", c.Query("user"))
	_ = session.Save()
}

func Theme(w http.ResponseWriter, r *http.Request) {
	session, _ := store.Get(r, "app")
	// ok: go.sessions.trusted-value-from-request
	session.Values["theme"] = r.FormValue("theme")
}

type repository struct{}

func (repository) FindByName(name string) (int, error) { return 1, nil }

func Login(w http.ResponseWriter, r *http.Request, repo repository) {
	session, _ := store.Get(r, "app")
	id, err := repo.FindByName(r.FormValue("user"))
	if err != nil {
		return
	}
	// ok: go.sessions.trusted-value-from-request
	session.Values["user_id"] = id
}

func Constant(c *gin.Context) {
	session := ginsessions.Default(c)
	// ok: go.sessions.trusted-value-from-request
	session.Set("role", "guest")
}
