package admin

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/gin-gonic/gin"
)

type service struct{}

func (s *service) List() {}

func (s *service) Dispatch(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.method-name-from-request
	method := reflect.ValueOf(s).MethodByName(r.FormValue("action"))
	method.Call(nil)
}

func (s *service) Path(w http.ResponseWriter, r *http.Request) {
	call(s, strings.TrimPrefix(r.URL.Path, "/admin/"))
}

func call(target any, name string) {
	value := reflect.ValueOf(target)
	// ruleid: go.injection.method-name-from-request
	value.MethodByName(name).Call(nil)
}

func Field(c *gin.Context, s *service) any {
	// ruleid: go.injection.method-name-from-request
	return reflect.ValueOf(s).Elem().FieldByName(c.Query("field")).Interface()
}

func Table(w http.ResponseWriter, r *http.Request, s *service) {
	actions := map[string]func(){"list": s.List}
	// ok: go.injection.method-name-from-request
	if action, ok := actions[r.FormValue("action")]; ok {
		action()
	}
}

func Constant(s *service) {
	// ok: go.injection.method-name-from-request
	reflect.ValueOf(s).MethodByName("List").Call(nil)
}

func Known(c *gin.Context, s *service) {
	name := c.Query("action")
	if name != "List" {
		return
	}
	// ok: go.injection.method-name-from-request
	reflect.ValueOf(s).MethodByName(name).Call(nil)
}
