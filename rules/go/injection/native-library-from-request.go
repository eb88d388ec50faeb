package extensions

import (
	"net/http"
	"path/filepath"
	"plugin"

	"github.com/gin-gonic/gin"
)

var known = map[string]string{"csv": "/opt/app/csv.so", "xml": "/opt/app/xml.so"}

func Load(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.native-library-from-request
	_, _ = plugin.Open(r.FormValue("plugin"))
}

func Joined(c *gin.Context) {
	open(filepath.Join("/opt/app", c.Param("name")))
}

func open(path string) {
	// ruleid: go.injection.native-library-from-request
	_, _ = plugin.Open(path)
}

func Query(c *gin.Context) {
	name := c.DefaultQuery("name", "csv")
	// ruleid: go.injection.native-library-from-request
	_, _ = plugin.Open("/opt/app/" + name + ".so")
}

func Known(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.native-library-from-request
	_, _ = plugin.Open(known[r.FormValue("plugin")])
}

func Constant() {
	// ok: go.injection.native-library-from-request
	_, _ = plugin.Open("/opt/app/csv.so")
}

func Switch(c *gin.Context) {
	path := ""
	switch c.Query("name") {
	case "csv":
		path = "/opt/app/csv.so"
	default:
		return
	}
	// ok: go.injection.native-library-from-request
	_, _ = plugin.Open(path)
}
