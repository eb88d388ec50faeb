package sync

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"net"
	"net/http"
	"os"
)

type state struct{ Items []string }

func Handler(w http.ResponseWriter, r *http.Request) {
	var s state
	// ruleid: go.deserialization.gob-from-network
	if err := gob.NewDecoder(r.Body).Decode(&s); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
	}
}

func Serve(conn net.Conn) error {
	var s state
	// ruleid: go.deserialization.gob-from-network
	return gob.NewDecoder(conn).Decode(&s)
}

func Cookie(r *http.Request) (state, error) {
	cookie, err := r.Cookie("state")
	if err != nil {
		return state{}, err
	}
	data, err := base64.StdEncoding.DecodeString(cookie.Value)
	if err != nil {
		return state{}, err
	}
	return decode(data)
}

func decode(data []byte) (state, error) {
	var s state
	// ruleid: go.deserialization.gob-from-network
	err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s)
	return s, err
}

func Listen(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		var s state
		// ruleid: go.deserialization.gob-from-network
		_ = gob.NewDecoder(conn).Decode(&s)
	}
}

func Encode(w http.ResponseWriter, s state) {
	// ok: go.deserialization.gob-from-network
	_ = gob.NewEncoder(w).Encode(s)
}

func JSON(w http.ResponseWriter, r *http.Request) {
	var s state
	// ok: go.deserialization.gob-from-network
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&s); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
	}
}

func Load(file *os.File) (state, error) {
	var s state
	// ok: go.deserialization.gob-from-network
	err := gob.NewDecoder(file).Decode(&s)
	return s, err
}
