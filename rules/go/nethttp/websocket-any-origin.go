package live

import (
	"net/http"

	"github.com/gorilla/websocket"
)

// ruleid: go.nethttp.websocket-any-origin
var upgrader = websocket.Upgrader{
	ReadBufferSize: 1024,
	CheckOrigin:    func(r *http.Request) bool { return true },
}

func Assigned(u *websocket.Upgrader) {
	// ruleid: go.nethttp.websocket-any-origin
	u.CheckOrigin = func(r *http.Request) bool {
		return true
	}
}

// ok: go.nethttp.websocket-any-origin
var standard = websocket.Upgrader{ReadBufferSize: 1024}

// ok: go.nethttp.websocket-any-origin
var listed = websocket.Upgrader{
	CheckOrigin: func(r *http.Request) bool {
		return r.Header.Get("Origin") == "https://app.example.com"
	},
}
