package main

import (
	"net/http"
	"net/http/httptest"
	"time"
)

func plain(mux http.Handler) error {
	// ruleid: go.nethttp.server-without-timeouts
	srv := &http.Server{
		Addr:    ":8080",
		Handler: mux,
	}
	return srv.ListenAndServe()
}

func idleOnly(mux http.Handler) *http.Server {
	// ruleid: go.nethttp.server-without-timeouts
	return &http.Server{Handler: mux, IdleTimeout: time.Minute}
}

func header(mux http.Handler) *http.Server {
	// ok: go.nethttp.server-without-timeouts
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
}

func whole(mux http.Handler) *http.Server {
	// ok: go.nethttp.server-without-timeouts
	return &http.Server{Handler: mux, ReadTimeout: 10 * time.Second}
}

func later(mux http.Handler) error {
	// ok: go.nethttp.server-without-timeouts
	srv := &http.Server{Addr: ":8080", Handler: mux}
	srv.ReadHeaderTimeout = 5 * time.Second
	return srv.ListenAndServe()
}

func test() *httptest.Server {
	// ok: go.nethttp.server-without-timeouts
	return &httptest.Server{URL: "http://localhost"}
}
