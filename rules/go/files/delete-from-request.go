package store

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/gin-gonic/gin"
)

const folder = "/srv/files"

func Delete(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.files.delete-from-request
	_ = os.Remove(filepath.Join(folder, r.PathValue("name")))
}

func Clear(c *gin.Context) {
	clear(c.Param("tenant"))
}

func clear(tenant string) {
	dir := folder + "/" + tenant
	// ruleid: go.files.delete-from-request
	_ = os.RemoveAll(dir)
}

func Query(c *gin.Context) {
	path := c.Query("path")
	// ruleid: go.files.delete-from-request
	if err := os.Remove(path); err != nil {
		c.Status(500)
	}
}

func Base(w http.ResponseWriter, r *http.Request) {
	// ok: go.files.delete-from-request
	_ = os.Remove(filepath.Join(folder, filepath.Base(r.FormValue("name"))))
}

func Number(c *gin.Context) {
	id, err := strconv.Atoi(c.Param("id"))
	if err != nil {
		return
	}
	// ok: go.files.delete-from-request
	_ = os.Remove(filepath.Join(folder, strconv.Itoa(id)+".json"))
}

func Local(c *gin.Context) {
	name := c.Param("name")
	if !filepath.IsLocal(name) {
		return
	}
	// ok: go.files.delete-from-request
	_ = os.RemoveAll(filepath.Join(folder, name))
}
