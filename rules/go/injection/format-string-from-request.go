package greet

import (
	"fmt"
	"log"
	"net/http"

	"github.com/gin-gonic/gin"
)

func Custom(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.format-string-from-request
	_ = fmt.Sprintf(r.FormValue("greeting"), "name")
}

func Logged(c *gin.Context) {
	note("seen " + c.Query("page"))
}

func note(message string) {
	// ruleid: go.injection.format-string-from-request
	log.Printf(message)
}

func Error(c *gin.Context) error {
	// ruleid: go.injection.format-string-from-request
	return fmt.Errorf("no such user: " + c.Param("user"))
}

func Constant(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.format-string-from-request
	_ = fmt.Sprintf("%s", r.FormValue("greeting"))
	// ok: go.injection.format-string-from-request
	log.Printf("seen %q", r.FormValue("page"))
}

func Known(c *gin.Context) string {
	format := "%s"
	if c.Query("quote") == "1" {
		format = "%q"
	}
	// ok: go.injection.format-string-from-request
	return fmt.Sprintf(format, c.Query("text"))
}

func Concatenated(name string) string {
	// ok: go.injection.format-string-from-request
	return fmt.Sprintf("a"+"%s", name)
}
