package files

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"
)

const folder = "/srv/files"

func Read(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("file")
	// ruleid: go.files.read-from-request
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(data)
}

func Vars(w http.ResponseWriter, r *http.Request) {
	f, err := open(mux.Vars(r)["name"])
	if err != nil {
		return
	}
	defer f.Close()
	_, _ = io.Copy(w, f)
}

func open(name string) (*os.File, error) {
	// ruleid: go.files.read-from-request
	return os.Open(folder + "/" + name)
}

func Trimmed(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/static/")
	// ruleid: go.files.read-from-request
	f, _ := os.Open(filepath.Clean(path))
	_ = f
}

func List(c echo.Context) error {
	// ruleid: go.files.read-from-request
	entries, err := os.ReadDir(c.QueryParam("folder"))
	_ = entries
	return err
}

func Base(c *gin.Context) {
	// ok: go.files.read-from-request
	data, _ := os.ReadFile(filepath.Join(folder, filepath.Base(c.Query("file"))))
	c.Data(200, "application/octet-stream", data)
}

func Rooted(c *gin.Context) {
	name := filepath.Clean("/" + c.Query("file"))
	// ok: go.files.read-from-request
	data, _ := os.ReadFile(filepath.Join(folder, name))
	c.Data(200, "application/octet-stream", data)
}

func Local(c *gin.Context) {
	name := c.Query("file")
	if !filepath.IsLocal(name) {
		c.Status(http.StatusBadRequest)
		return
	}
	// ok: go.files.read-from-request
	data, _ := os.ReadFile(filepath.Join(folder, name))
	c.Data(200, "application/octet-stream", data)
}

func Prefix(w http.ResponseWriter, r *http.Request) {
	full := filepath.Join(folder, r.FormValue("file"))
	if !strings.HasPrefix(full, folder+"/") {
		http.NotFound(w, r)
		return
	}
	// ok: go.files.read-from-request
	f, _ := os.Open(full)
	_ = f
}

func Dots(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("file")
	if strings.Contains(name, "..") {
		http.NotFound(w, r)
		return
	}
	// ok: go.files.read-from-request
	f, _ := os.Open(filepath.Join(folder, name))
	_ = f
}

func Relative(w http.ResponseWriter, r *http.Request) {
	full := filepath.Join(folder, r.FormValue("file"))
	rel, err := filepath.Rel(folder, full)
	if err != nil || strings.HasPrefix(rel, "..") {
		http.NotFound(w, r)
		return
	}
	// ok: go.files.read-from-request
	f, _ := os.Open(full)
	_ = f
}

func Known(w http.ResponseWriter, r *http.Request) {
	files := map[string]string{"terms": "/srv/terms.txt", "help": "/srv/help.txt"}
	// ok: go.files.read-from-request
	f, _ := os.Open(files[r.FormValue("file")])
	_ = f
}
