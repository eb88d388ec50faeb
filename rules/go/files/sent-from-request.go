package download

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

func Std(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.files.sent-from-request
	http.ServeFile(w, r, "/srv/files/"+r.URL.Query().Get("file"))
}

func Gin(c *gin.Context) {
	send(c, filepath.Join("/srv/files", c.Param("file")))
}

func send(c *gin.Context, path string) {
	// ruleid: go.files.sent-from-request
	c.File(path)
}

func Echo(c echo.Context) error {
	// ruleid: go.files.sent-from-request
	return c.Attachment("./reports/"+c.QueryParam("name"), "report.pdf")
}

func Fiber(c *fiber.Ctx) error {
	// ruleid: go.files.sent-from-request
	return c.SendFile("./files/" + c.Params("name"))
}

func Base(w http.ResponseWriter, r *http.Request) {
	// ok: go.files.sent-from-request
	http.ServeFile(w, r, filepath.Join("/srv/files", filepath.Base(r.FormValue("file"))))
}

func Root(w http.ResponseWriter, r *http.Request) {
	// ok: go.files.sent-from-request
	http.ServeFileFS(w, r, os.DirFS("/srv/files"), r.FormValue("file"))
}

func Checked(c *gin.Context) {
	path := filepath.Join("/srv/files", c.Param("file"))
	if !strings.HasPrefix(path, "/srv/files/") {
		c.Status(http.StatusNotFound)
		return
	}
	// ok: go.files.sent-from-request
	c.File(path)
}

func Name(c *gin.Context) {
	// ok: go.files.sent-from-request
	c.FileAttachment("/srv/files/report.pdf", c.Query("name"))
}
