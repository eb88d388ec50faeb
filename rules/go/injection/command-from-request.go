package tools

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"regexp"

	"github.com/alessio/shellescape"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/mux"
)

var hostName = regexp.MustCompile(`^[a-z0-9.-]+$`)

func Ping(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Query().Get("host")
	// ruleid: go.injection.command-from-request
	out, _ := exec.Command("sh", "-c", "ping -c 1 "+host).CombinedOutput()
	_, _ = w.Write(out)
}

type job struct {
	Program string   `json:"program"`
	Args    []string `json:"args"`
}

func Run(w http.ResponseWriter, r *http.Request) {
	var j job
	if err := json.NewDecoder(r.Body).Decode(&j); err != nil {
		return
	}
	start(j)
}

func start(j job) {
	// ruleid: go.injection.command-from-request
	cmd := exec.Command(j.Program, j.Args...)
	_ = cmd.Start()
}

func Convert(c *gin.Context) {
	line := fmt.Sprintf("convert %s out.png", c.PostForm("file"))
	// ruleid: go.injection.command-from-request
	_ = exec.CommandContext(c.Request.Context(), "/bin/bash", "-c", line).Run()
}

func Fiber(c *fiber.Ctx) error {
	// ruleid: go.injection.command-from-request
	return exec.Command("cmd", "/C", "dir", c.Query("folder")).Run()
}

func Arguments(w http.ResponseWriter, r *http.Request) {
	args := []string{"-c", "ls " + mux.Vars(r)["folder"]}
	// ruleid: go.injection.command-from-request
	_ = exec.Command("bash", args...).Run()
}

func Separate(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.command-from-request
	_ = exec.Command("ping", "-c", "1", "--", r.FormValue("host")).Run()
}

func Quoted(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.command-from-request
	_ = exec.Command("sh", "-c", "ping -c 1 "+shellescape.Quote(r.FormValue("host"))).Run()
}

func Checked(w http.ResponseWriter, r *http.Request) {
	host := r.FormValue("host")
	if !hostName.MatchString(host) {
		http.Error(w, "bad host", http.StatusBadRequest)
		return
	}
	// ok: go.injection.command-from-request
	_ = exec.Command("sh", "-c", "ping -c 1 "+host).Run()
}

func Chosen(w http.ResponseWriter, r *http.Request) {
	programs := map[string]string{"disk": "df", "memory": "free"}
	// ok: go.injection.command-from-request
	_ = exec.Command(programs[r.FormValue("what")]).Run()
}

func Constant(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.command-from-request
	_ = exec.Command("sh", "-c", "df -h | head").Run()
}
