package settings

import (
	"net/http"
	"os"
	"os/exec"

	"github.com/gin-gonic/gin"
)

func Proxy(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.dangerous.environment-set-from-request
	_ = os.Setenv("HTTP_PROXY", r.FormValue("proxy"))
}

func All(c *gin.Context) {
	var in map[string]string
	if err := c.BindJSON(&in); err != nil {
		return
	}
	apply(in)
}

func apply(values map[string]string) {
	for name, value := range values {
		// ruleid: go.dangerous.environment-set-from-request
		_ = os.Setenv(name, value)
	}
}

func Name(c *gin.Context) {
	// ruleid: go.dangerous.environment-set-from-request
	_ = os.Setenv(c.Query("name"), "1")
}

func Constant() {
	// ok: go.dangerous.environment-set-from-request
	_ = os.Setenv("TZ", "UTC")
}

func One(w http.ResponseWriter, r *http.Request) {
	cmd := exec.Command("report")
	// ok: go.dangerous.environment-set-from-request
	cmd.Env = append(os.Environ(), "REPORT_NAME="+r.FormValue("name"))
	_ = cmd.Run()
}

func Known(c *gin.Context) {
	zone := "UTC"
	if c.Query("zone") == "cet" {
		zone = "Europe/Vienna"
	}
	// ok: go.dangerous.environment-set-from-request
	_ = os.Setenv("TZ", zone)
}
