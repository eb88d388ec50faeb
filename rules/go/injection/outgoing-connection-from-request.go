package probe

import (
	"net"
	"net/http"
	"net/smtp"
	"time"

	"github.com/gin-gonic/gin"
	"google.golang.org/grpc"
)

var backends = map[string]string{"a": "10.0.0.1:80", "b": "10.0.0.2:80"}

func Check(w http.ResponseWriter, r *http.Request) {
	address := net.JoinHostPort(r.FormValue("host"), r.FormValue("port"))
	// ruleid: go.injection.outgoing-connection-from-request
	conn, err := net.DialTimeout("tcp", address, time.Second)
	_, _ = conn, err
}

func Gin(c *gin.Context) {
	dial(c.Query("target"))
}

func dial(target string) {
	// ruleid: go.injection.outgoing-connection-from-request
	_, _ = grpc.Dial(target)
}

func Mail(c *gin.Context) {
	// ruleid: go.injection.outgoing-connection-from-request
	_ = smtp.SendMail(c.PostForm("server")+":25", nil, "app@example.com", nil, nil)
}

func Known(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.outgoing-connection-from-request
	_, _ = net.Dial("tcp", backends[r.FormValue("backend")])
}

func Constant(c *gin.Context) {
	conn, err := net.Dial("tcp", "localhost:6379")
	if err != nil {
		return
	}
	// ok: go.injection.outgoing-connection-from-request
	_, _ = conn.Write([]byte(c.Query("command")))
}

func Body(c *gin.Context) {
	// ok: go.injection.outgoing-connection-from-request
	_ = smtp.SendMail("localhost:25", nil, "app@example.com", nil, []byte("\r\n"+c.PostForm("text")))
}
