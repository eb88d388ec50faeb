package upload

import (
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

var endings = map[string]string{"image/png": ".png", "image/jpeg": ".jpg"}

func Std(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("file")
	if err != nil {
		return
	}
	defer file.Close()
	// ruleid: go.files.upload-keeps-name
	out, err := os.Create("./uploads/" + header.Filename)
	if err != nil {
		return
	}
	_, _ = io.Copy(out, file)
}

func Gin(c *gin.Context) {
	file, err := c.FormFile("file")
	if err != nil {
		return
	}
	target := filepath.Join("uploads", filepath.Base(file.Filename))
	// ruleid: go.files.upload-keeps-name
	_ = c.SaveUploadedFile(file, target)
}

func Echo(c echo.Context) error {
	file, err := c.FormFile("file")
	if err != nil {
		return err
	}
	return store(file.Filename)
}

func store(name string) error {
	// ruleid: go.files.upload-keeps-name
	_, err := os.Create(filepath.Join("/srv/uploads", name))
	return err
}

func Named(c *gin.Context) {
	file, err := c.FormFile("file")
	if err != nil {
		return
	}
	// ok: go.files.upload-keeps-name
	_ = c.SaveUploadedFile(file, filepath.Join("uploads", uuid.NewString()+".png"))
}

func Typed(c *gin.Context) {
	file, err := c.FormFile("file")
	if err != nil {
		return
	}
	ending := endings[file.Header.Get("Content-Type")]
	// ok: go.files.upload-keeps-name
	_ = c.SaveUploadedFile(file, filepath.Join("uploads", uuid.NewString()+ending))
}

func Temporary(w http.ResponseWriter, r *http.Request) {
	file, _, err := r.FormFile("file")
	if err != nil {
		return
	}
	// ok: go.files.upload-keeps-name
	out, err := os.CreateTemp("", "upload-*")
	if err != nil {
		return
	}
	_, _ = io.Copy(out, file)
}
