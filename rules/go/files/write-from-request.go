package store

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
)

const folder = "/srv/files"

func Put(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.files.write-from-request
	out, err := os.Create(filepath.Join(folder, r.PathValue("name")))
	if err != nil {
		return
	}
	defer out.Close()
	_, _ = io.Copy(out, r.Body)
}

func Save(c *gin.Context) {
	var in struct {
		Path string `json:"path"`
		Text string `json:"text"`
	}
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	save(in.Path, in.Text)
}

func save(path, text string) {
	// ruleid: go.files.write-from-request
	_ = os.WriteFile(path, []byte(text), 0o600)
}

func Upload(c *fiber.Ctx) error {
	file, err := c.FormFile("file")
	if err != nil {
		return err
	}
	// ruleid: go.files.write-from-request
	return c.SaveFile(file, "./uploads/"+c.FormValue("name"))
}

func Move(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.files.write-from-request
	_ = os.Rename("/tmp/upload", r.FormValue("to"))
}

func Base(w http.ResponseWriter, r *http.Request) {
	// ok: go.files.write-from-request
	out, err := os.Create(filepath.Join(folder, filepath.Base(r.FormValue("name"))))
	_, _ = out, err
}

func Named(w http.ResponseWriter, r *http.Request) {
	// ok: go.files.write-from-request
	_ = os.WriteFile(filepath.Join(folder, uuid.NewString()), []byte(r.FormValue("text")), 0o600)
}

func Checked(c *gin.Context) {
	name := c.Query("name")
	if name == "" || strings.Contains(name, "..") || strings.HasPrefix(name, "/") {
		c.Status(http.StatusBadRequest)
		return
	}
	// ok: go.files.write-from-request
	_ = os.MkdirAll(filepath.Join(folder, name), 0o700)
}

func Content(c *gin.Context) {
	// ok: go.files.write-from-request
	_ = os.WriteFile("/srv/files/note.txt", []byte(c.Query("text")), 0o600)
}
