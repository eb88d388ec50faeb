package directory

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-ldap/ldap/v3"
)

const base = "dc=example,dc=com"

func Find(l *ldap.Conn, w http.ResponseWriter, r *http.Request) {
	filter := fmt.Sprintf("(&(objectClass=person)(uid=%s))", r.FormValue("user"))
	// ruleid: go.injection.ldap-filter-from-request
	req := ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, []string{"dn"}, nil)
	_, _ = l.Search(req)
}

func Gin(l *ldap.Conn, c *gin.Context) {
	_, _ = l.Search(request(c.Query("mail")))
}

func request(mail string) *ldap.SearchRequest {
	// ruleid: go.injection.ldap-filter-from-request
	return &ldap.SearchRequest{BaseDN: base, Filter: "(mail=" + mail + ")"}
}

func Compile(c *gin.Context) {
	// ruleid: go.injection.ldap-filter-from-request
	_, _ = ldap.CompileFilter("(cn=" + c.Param("cn") + ")")
}

func Escaped(l *ldap.Conn, w http.ResponseWriter, r *http.Request) {
	filter := fmt.Sprintf("(uid=%s)", ldap.EscapeFilter(r.FormValue("user")))
	// ok: go.injection.ldap-filter-from-request
	req := ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, []string{"dn"}, nil)
	_, _ = l.Search(req)
}

func Constant(l *ldap.Conn) {
	// ok: go.injection.ldap-filter-from-request
	req := ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=group)", nil, nil)
	_, _ = l.Search(req)
}

func Attribute(l *ldap.Conn, c *gin.Context) {
	// ok: go.injection.ldap-filter-from-request
	req := ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, "(uid=*)", []string{c.Query("attribute")}, nil)
	_, _ = l.Search(req)
}
