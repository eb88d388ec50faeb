package main

import (
	"log"
	"net/http"
	_ "net/http/pprof"
)

func main() {
	http.HandleFunc("/", index)
	// ruleid: go.nethttp.pprof-exposed
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func index(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte("ok"))
}

func routes(router *http.ServeMux, handler http.HandlerFunc) {
	// ruleid: go.nethttp.pprof-exposed
	router.HandleFunc("/debug/pprof/", handler)
}

func local() {
	// ok: go.nethttp.pprof-exposed
	log.Println(http.ListenAndServe("localhost:6060", nil))
}

func ownMux() error {
	mux := http.NewServeMux()
	mux.HandleFunc("/", index)
	// ok: go.nethttp.pprof-exposed
	return http.ListenAndServe(":8081", mux)
}

func separate(debugMux *http.ServeMux, handler http.HandlerFunc) {
	// ok: go.nethttp.pprof-exposed
	debugMux.HandleFunc("/debug/pprof/", handler)
}
