package debugging

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/gin-gonic/gin"
)

func All(w http.ResponseWriter, r *http.Request) {
	for _, line := range os.Environ() {
		// ruleid: go.exposure.environment-in-response
		fmt.Fprintln(w, line)
	}
}

func JSON(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.exposure.environment-in-response
	_ = json.NewEncoder(w).Encode(os.Environ())
}

func Gin(c *gin.Context) {
	show(c, os.Getenv("DATABASE_PASSWORD"))
}

func show(c *gin.Context, text string) {
	// ruleid: go.exposure.environment-in-response
	c.JSON(200, gin.H{"value": text})
}

func Version(w http.ResponseWriter, r *http.Request) {
	// ok: go.exposure.environment-in-response
	fmt.Fprintln(w, os.Getenv("APP_VERSION"))
}

func Present(w http.ResponseWriter, r *http.Request) {
	// ok: go.exposure.environment-in-response
	fmt.Fprintln(w, len(os.Environ()))
	// ok: go.exposure.environment-in-response
	fmt.Fprintln(w, os.Getenv("API_TOKEN") != "")
}

func Prefix(c *gin.Context) {
	// ok: go.exposure.environment-in-response
	c.JSON(200, gin.H{"debug": strings.HasPrefix(os.Getenv("SECRET_MODE"), "d")})
}
