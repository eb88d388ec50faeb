package grep

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/dlclark/regexp2"
	"github.com/gin-gonic/gin"
)

func Search(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.regex-from-request
	re, err := regexp.Compile(r.FormValue("pattern"))
	_, _ = re, err
}

func Filter(c *gin.Context, lines []string) {
	match(c.Query("q"), lines)
}

func match(pattern string, lines []string) {
	// ruleid: go.injection.regex-from-request
	re := regexp.MustCompile("(?i)" + pattern)
	for _, line := range lines {
		_ = re.MatchString(line)
	}
}

func Backtracking(c *gin.Context) {
	// ruleid: go.injection.regex-from-request
	_, _ = regexp2.Compile(c.PostForm("re"), 0)
}

func Escaped(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.regex-from-request
	_ = regexp.MustCompile("(?i)" + regexp.QuoteMeta(r.FormValue("q")))
}

func Subject(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.regex-from-request
	ok, _ := regexp.MatchString(`^\d+$`, r.FormValue("id"))
	_ = ok
}

func Text(c *gin.Context, line string) bool {
	// ok: go.injection.regex-from-request
	return strings.Contains(line, c.Query("q"))
}
