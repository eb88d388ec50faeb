package remote

import (
	"net"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

func Ignore(user string, auth ssh.AuthMethod) *ssh.ClientConfig {
	return &ssh.ClientConfig{
		User: user,
		Auth: []ssh.AuthMethod{auth},
		// ruleid: go.tls.ssh-host-key-not-verified
		HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	}
}

func AlwaysNil(user string) *ssh.ClientConfig {
	// ruleid: go.tls.ssh-host-key-not-verified
	return &ssh.ClientConfig{
		User: user,
		HostKeyCallback: func(hostname string, remote net.Addr, key ssh.PublicKey) error {
			return nil
		},
	}
}

func Fixed(user string, key ssh.PublicKey) *ssh.ClientConfig {
	// ok: go.tls.ssh-host-key-not-verified
	return &ssh.ClientConfig{
		User:            user,
		HostKeyCallback: ssh.FixedHostKey(key),
	}
}

func Known(user, path string) (*ssh.ClientConfig, error) {
	// ok: go.tls.ssh-host-key-not-verified
	callback, err := knownhosts.New(path)
	if err != nil {
		return nil, err
	}
	return &ssh.ClientConfig{User: user, HostKeyCallback: callback}, nil
}

func Logged(user string, check ssh.HostKeyCallback, log func(string)) *ssh.ClientConfig {
	// ok: go.tls.ssh-host-key-not-verified
	return &ssh.ClientConfig{
		User: user,
		HostKeyCallback: func(hostname string, remote net.Addr, key ssh.PublicKey) error {
			log(hostname)
			return check(hostname, remote, key)
		},
	}
}
