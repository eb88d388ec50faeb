package fleet

import (
	"net/http"

	"github.com/alessio/shellescape"
	"github.com/gin-gonic/gin"
	"golang.org/x/crypto/ssh"
	v1 "k8s.io/api/core/v1"
)

func Stat(client *ssh.Client, w http.ResponseWriter, r *http.Request) {
	session, err := client.NewSession()
	if err != nil {
		return
	}
	defer session.Close()
	// ruleid: go.injection.remote-command-from-request
	out, _ := session.CombinedOutput("stat " + r.FormValue("file"))
	_, _ = w.Write(out)
}

func Restart(c *gin.Context, session *ssh.Session) {
	remote(session, "systemctl restart "+c.Param("unit"))
}

func remote(session *ssh.Session, line string) {
	// ruleid: go.injection.remote-command-from-request
	_ = session.Run(line)
}

func Pod(c *gin.Context) v1.PodExecOptions {
	line := "cat " + c.Query("file")
	// ruleid: go.injection.remote-command-from-request
	return v1.PodExecOptions{Command: []string{"sh", "-c", line}}
}

func Quoted(client *ssh.Client, w http.ResponseWriter, r *http.Request) {
	session, err := client.NewSession()
	if err != nil {
		return
	}
	// ok: go.injection.remote-command-from-request
	_ = session.Run("stat -- " + shellescape.Quote(r.FormValue("file")))
}

func Constant(session *ssh.Session, w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.remote-command-from-request
	_ = session.Run("uptime")
}

func Chosen(session *ssh.Session, r *http.Request) {
	line := "uptime"
	if r.FormValue("what") == "disk" {
		line = "df"
	}
	// ok: go.injection.remote-command-from-request
	_ = session.Run(line)
}
