package main

import (
	"log"
	"net"
	"net/http"
	"time"
)

func main() {
	mux := http.NewServeMux()
	// ruleid: go.nethttp.listen-without-timeouts
	log.Fatal(http.ListenAndServe(":8080", mux))
}

func secure(mux http.Handler) error {
	// ruleid: go.nethttp.listen-without-timeouts
	return http.ListenAndServeTLS(":8443", "cert.pem", "key.pem", mux)
}

func listener(l net.Listener) error {
	// ruleid: go.nethttp.listen-without-timeouts
	return http.Serve(l, nil)
}

func configured(mux http.Handler) error {
	srv := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	// ok: go.nethttp.listen-without-timeouts
	return srv.ListenAndServe()
}

func local() error {
	// ok: go.nethttp.listen-without-timeouts
	return http.ListenAndServe("localhost:6060", nil)
}
