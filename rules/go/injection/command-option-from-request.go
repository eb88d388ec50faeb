package repo

import (
	"net/http"
	"os/exec"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

func Clone(w http.ResponseWriter, r *http.Request) {
	url := r.FormValue("url")
	// ruleid: go.injection.command-option-from-request
	_ = exec.Command("git", "clone", url, "/srv/work").Run()
}

func Log(c *gin.Context) {
	history(c.Query("branch"))
}

func history(branch string) {
	// ruleid: go.injection.command-option-from-request
	cmd := exec.Command("git", "log", branch)
	_ = cmd.Run()
}

func Fetch(c echo.Context) error {
	// ruleid: go.injection.command-option-from-request
	return exec.CommandContext(c.Request().Context(), "curl", "-s", c.QueryParam("url")).Run()
}

func Ended(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.command-option-from-request
	_ = exec.Command("git", "clone", "--depth=1", "--", r.FormValue("url"), "/srv/work").Run()
}

func Prefixed(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.command-option-from-request
	_ = exec.Command("git", "log", "refs/heads/"+r.FormValue("branch")).Run()
}

func Checked(w http.ResponseWriter, r *http.Request) {
	branch := r.FormValue("branch")
	if strings.HasPrefix(branch, "-") {
		http.Error(w, "bad branch", http.StatusBadRequest)
		return
	}
	// ok: go.injection.command-option-from-request
	_ = exec.Command("git", "log", branch).Run()
}

func Harmless(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.command-option-from-request
	_ = exec.Command("figlet", r.FormValue("text")).Run()
}
