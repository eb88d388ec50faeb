package sync

import (
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
