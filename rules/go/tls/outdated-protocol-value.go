package server

import "crypto/tls"

func Default(strict bool) *tls.Config {
	version := uint16(tls.VersionTLS10)
	lowest := tls.VersionTLS12
	if !strict {
		lowest = tls.VersionTLS11
	}
	_ = version
	// ruleid: go.tls.outdated-protocol-value
	return &tls.Config{MinVersion: uint16Of(lowest)}
}

func uint16Of(v uint16) uint16 { return v }

func Assigned() *tls.Config {
	old := tls.VersionTLS10
	cfg := &tls.Config{}
	// ruleid: go.tls.outdated-protocol-value
	cfg.MinVersion = old
	return cfg
}

func Passed() *tls.Config {
	return config(tls.VersionTLS11)
}

func config(version uint16) *tls.Config {
	// ruleid: go.tls.outdated-protocol-value
	return &tls.Config{MinVersion: version}
}

func Modern() *tls.Config {
	lowest := tls.VersionTLS12
	// ok: go.tls.outdated-protocol-value
	return &tls.Config{MinVersion: lowest}
}

func Highest() *tls.Config {
	highest := tls.VersionTLS11
	// ok: go.tls.outdated-protocol-value
	return &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: highest}
}

func Compared(state tls.ConnectionState, lowest uint16) *tls.Config {
	if state.Version == tls.VersionTLS10 {
		return nil
	}
	// ok: go.tls.outdated-protocol-value
	return &tls.Config{MinVersion: lowest}
}
