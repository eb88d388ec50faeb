package logins

import (
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
)

func Login(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go.injection.log-from-request
	log.Printf("login of %s", name)
	// ruleid: go.injection.log-from-request
	log.Println("login", name)
}

func Gin(c *gin.Context) {
	seen(c.Query("page"))
}

func seen(page string) {
	// ruleid: go.injection.log-from-request
	logrus.Infof("page %v", page)
}

func Path(logger *log.Logger, r *http.Request) {
	// ruleid: go.injection.log-from-request
	logger.Print("path " + r.URL.Path)
}

func Zap(sugar *zap.SugaredLogger, c *gin.Context) {
	// ruleid: go.injection.log-from-request
	sugar.Errorf("no such user %s", c.Param("user"))
}

func Quoted(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.log-from-request
	log.Printf("login of %q", r.FormValue("name"))
	// ok: go.injection.log-from-request
	slog.Info("login", "name", r.FormValue("name"))
}

func Cleaned(w http.ResponseWriter, r *http.Request) {
	name := strings.ReplaceAll(r.FormValue("name"), "\n", "")
	// ok: go.injection.log-from-request
	log.Printf("login of %s", strings.ReplaceAll(name, "\r", ""))
}

func Structured(logger *zap.Logger, c *gin.Context) {
	// ok: go.injection.log-from-request
	logger.Info("login", zap.String("name", c.Query("name")))
}

func Number(c *gin.Context) {
	id, err := strconv.Atoi(c.Param("id"))
	// ok: go.injection.log-from-request
	log.Printf("id %d %v", id, err)
	// ok: go.injection.log-from-request
	_ = fmt.Sprintf("login of %s", c.Query("name"))
}
