package server

import "crypto/tls"

func Old() *tls.Config {
	return &tls.Config{
		// ruleid: go.tls.outdated-protocol
		MinVersion: tls.VersionTLS10,
	}
}

func Assigned(cfg *tls.Config) {
	// ruleid: go.tls.outdated-protocol
	cfg.MinVersion = tls.VersionTLS11
}

func Suites() *tls.Config {
	return &tls.Config{
		CipherSuites: []uint16{
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			// ruleid: go.tls.outdated-protocol
			tls.TLS_RSA_WITH_RC4_128_SHA,
		},
	}
}

func Modern() *tls.Config {
	return &tls.Config{
		// ok: go.tls.outdated-protocol
		MinVersion: tls.VersionTLS12,
	}
}

func Latest(cfg *tls.Config) {
	// ok: go.tls.outdated-protocol
	cfg.MinVersion = tls.VersionTLS13
}

func Name(version uint16) string {
	switch version {
	// ok: go.tls.outdated-protocol
	case tls.VersionTLS10:
		return "1.0"
	}
	return "other"
}
