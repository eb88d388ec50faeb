package directory

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-ldap/ldap/v3"
)

func Login(l *ldap.Conn, w http.ResponseWriter, r *http.Request) {
	dn := "uid=" + r.FormValue("user") + ",ou=people,dc=example,dc=com"
	// ruleid: go.injection.ldap-name-from-request
	if err := l.Bind(dn, r.FormValue("password")); err != nil {
		http.Error(w, "no", http.StatusUnauthorized)
	}
}

func Remove(l *ldap.Conn, c *gin.Context) {
	remove(l, "cn="+c.Param("name")+",dc=example,dc=com")
}

func remove(l *ldap.Conn, dn string) {
	// ruleid: go.injection.ldap-name-from-request
	_ = l.Del(ldap.NewDelRequest(dn, nil))
}

func Unit(l *ldap.Conn, c *gin.Context) {
	// ruleid: go.injection.ldap-name-from-request
	req := ldap.NewSearchRequest("ou="+c.Query("unit"), ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(uid=*)", nil, nil)
	_, _ = l.Search(req)
}

func Escaped(l *ldap.Conn, w http.ResponseWriter, r *http.Request) {
	dn := "uid=" + ldap.EscapeDN(r.FormValue("user")) + ",ou=people,dc=example,dc=com"
	// ok: go.injection.ldap-name-from-request
	_ = l.Bind(dn, r.FormValue("password"))
}

func Service(l *ldap.Conn, w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.ldap-name-from-request
	_ = l.Bind("cn=reader,dc=example,dc=com", r.FormValue("password"))
}

func Gin(c *gin.Context) {
	var in struct{ Name string }
	// ok: go.injection.ldap-name-from-request
	_ = c.Bind(&in)
}
