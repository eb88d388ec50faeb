package api

import (
	"io"
	"net/http"

	"gopkg.in/yaml.v3"
)

type document struct{ Name string }

func Stream(w http.ResponseWriter, r *http.Request) {
	var doc document
	// ruleid: go.deserialization.yaml-from-request
	if err := yaml.NewDecoder(r.Body).Decode(&doc); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
	}
}

func Whole(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var doc document
	// ruleid: go.deserialization.yaml-from-request
	err = yaml.Unmarshal(data, &doc)
}

func Limited(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	var doc document
	// ok: go.deserialization.yaml-from-request
	if err := yaml.NewDecoder(r.Body).Decode(&doc); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
	}
}

func File(data []byte) (document, error) {
	var doc document
	// ok: go.deserialization.yaml-from-request
	err := yaml.Unmarshal(data, &doc)
	return doc, err
}
