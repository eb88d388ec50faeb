package rules

import (
	"net/http"

	"github.com/dop251/goja"
	"github.com/gin-gonic/gin"
	"github.com/robertkrimen/otto"
	lua "github.com/yuin/gopher-lua"
)

const script = "input.length"

func Goja(w http.ResponseWriter, r *http.Request) {
	vm := goja.New()
	// ruleid: go.injection.code-from-request
	_, _ = vm.RunString(r.FormValue("code"))
}

func Lua(c *gin.Context) {
	data, err := c.GetRawData()
	if err != nil {
		return
	}
	do(string(data))
}

func do(code string) {
	state := lua.NewState()
	defer state.Close()
	// ruleid: go.injection.code-from-request
	_ = state.DoString(code)
}

func Otto(w http.ResponseWriter, r *http.Request) {
	vm := otto.New()
	// ruleid: go.injection.code-from-request
	_, _ = vm.Run("result = " + r.URL.Query().Get("formula"))
}

func Variable(w http.ResponseWriter, r *http.Request) {
	vm := goja.New()
	_ = vm.Set("input", r.FormValue("text"))
	// ok: go.injection.code-from-request
	_, _ = vm.RunString(script)
}

func Known(w http.ResponseWriter, r *http.Request) {
	scripts := map[string]string{"a": "1 + 1", "b": "2 + 2"}
	vm := goja.New()
	// ok: go.injection.code-from-request
	_, _ = vm.RunString(scripts[r.FormValue("name")])
}

func Constant() {
	vm := otto.New()
	// ok: go.injection.code-from-request
	_, _ = vm.Run("1 + 1")
}
