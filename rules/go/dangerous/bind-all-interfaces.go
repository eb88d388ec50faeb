package listen

import (
	"crypto/tls"
	"net"
)

func All() (net.Listener, error) {
	// ruleid: go.dangerous.bind-all-interfaces
	return net.Listen("tcp", ":9000")
}

func Zero() (net.PacketConn, error) {
	// ruleid: go.dangerous.bind-all-interfaces
	return net.ListenPacket("udp", "0.0.0.0:5353")
}

func Secure(cfg *tls.Config) (net.Listener, error) {
	// ruleid: go.dangerous.bind-all-interfaces
	return tls.Listen("tcp", "[::]:9443", cfg)
}

func Local() (net.Listener, error) {
	// ok: go.dangerous.bind-all-interfaces
	return net.Listen("tcp", "127.0.0.1:9000")
}

func Ephemeral() (net.Listener, error) {
	// ok: go.dangerous.bind-all-interfaces
	return net.Listen("tcp", ":0")
}

func Configured(addr string) (net.Listener, error) {
	// ok: go.dangerous.bind-all-interfaces
	return net.Listen("tcp", addr)
}

func Socket() (net.Listener, error) {
	// ok: go.dangerous.bind-all-interfaces
	return net.Listen("unix", "/run/app.sock")
}
