package client

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
)

func Insecure() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			// ruleid: go.tls.insecure-skip-verify
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		},
	}
}

func Assigned(cfg *tls.Config) {
	// ruleid: go.tls.insecure-skip-verify
	cfg.InsecureSkipVerify = true
}

func Mixed() *tls.Config {
	// ruleid: go.tls.insecure-skip-verify
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true,
	}
}

func Pinned(check func([][]byte, [][]*x509.Certificate) error) *tls.Config {
	// ok: go.tls.insecure-skip-verify
	return &tls.Config{
		InsecureSkipVerify:    true,
		VerifyPeerCertificate: check,
	}
}

func Private(pool *x509.CertPool) *tls.Config {
	// ok: go.tls.insecure-skip-verify
	return &tls.Config{RootCAs: pool}
}

func Explicit() *tls.Config {
	// ok: go.tls.insecure-skip-verify
	return &tls.Config{InsecureSkipVerify: false}
}

func Option(cfg *tls.Config, insecure bool) {
	// ok: go.tls.insecure-skip-verify
	cfg.InsecureSkipVerify = insecure
}
