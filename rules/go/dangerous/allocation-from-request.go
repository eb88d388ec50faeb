package list

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

const most = 1000

func Make(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.FormValue("size"))
	if err != nil {
		return
	}
	// ruleid: go.dangerous.allocation-from-request
	buf := make([]byte, n)
	_, _ = w.Write(buf)
}

func Repeat(c *gin.Context) {
	width, _ := strconv.Atoi(c.Query("width"))
	pad(width)
}

func pad(width int) string {
	// ruleid: go.dangerous.allocation-from-request
	return strings.Repeat(" ", width)
}

func Length(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.dangerous.allocation-from-request
	buf := make([]byte, r.ContentLength)
	_, _ = r.Body.Read(buf)
}

func Body(c *gin.Context) {
	var in struct{ Count int }
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	// ruleid: go.dangerous.allocation-from-request
	items := make([]string, 0, in.Count)
	_ = items
}

func Checked(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.FormValue("size"))
	if err != nil || n < 0 || n > most {
		http.Error(w, "too many", http.StatusBadRequest)
		return
	}
	// ok: go.dangerous.allocation-from-request
	buf := make([]byte, n)
	_, _ = w.Write(buf)
}

func Least(c *gin.Context) {
	n, _ := strconv.Atoi(c.Query("n"))
	// ok: go.dangerous.allocation-from-request
	buf := make([]byte, min(n, most))
	_ = buf
}

func Text(c *gin.Context) {
	name := c.Query("name")
	// ok: go.dangerous.allocation-from-request
	runes := make([]rune, 0, len(name))
	_ = runes
	// ok: go.dangerous.allocation-from-request
	_ = strings.Repeat(name, 2)
}

func Capped(c *gin.Context) {
	n, _ := strconv.Atoi(c.Query("n"))
	if n > most {
		n = most
	}
	// ok: go.dangerous.allocation-from-request
	buf := make([]byte, n)
	_ = buf
}
